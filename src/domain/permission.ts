import type { Choice } from './question.ts';

/**
 * Something that a coding agent may do only when a person allows it: one call as it is, in every letter, or commands that
 * reach one host. It holds for one task.
 */
export type Permission =
  | {
      readonly kind: 'call';
      readonly tool: string;
      /** Of everything in the call that decides what it does. */
      readonly digest: string;
      /** The call in one line, for people. */
      readonly title: string;
    }
  | { readonly kind: 'host'; readonly host: string };

/** A permission that somebody wants, and all that a person must know to decide. */
export type Wanted = { readonly permission: Permission; readonly text: string };

/** What a person said to that; `words` are for the agent. */
export type Decision = { readonly permission: Permission; readonly isAllowed: boolean; readonly words?: string };

const allow: Choice = { name: 'allow', meaning: 'allow just this, until the task is over', needsText: false };
const refuse: Choice = {
  name: 'refuse',
  meaning: 'refuse it, if you like with words',
  needsText: false,
  takesText: true,
};

/** The answers that are offered. */
export const permissionChoices: readonly Choice[] = [allow, refuse];

/** The decision that an answer is, as `question.answered` tells it: the choice, and words behind a colon. */
export function decisionOf(permission: Permission, answer: string): Decision {
  if (answer === allow.name) return { permission, isAllowed: true };
  const words = answer.slice(`${refuse.name}: `.length).trim();
  return { permission, isAllowed: false, ...(words === '' ? {} : { words }) };
}

/** What was decided of a permission; the last word counts. Undefined when nobody was asked for it. */
export function decisionOn(permission: Permission, decided: readonly Decision[]): Decision | undefined {
  return decided.findLast((decision) => isSame(decision.permission, permission));
}

/** The hosts that are allowed and not refused later. */
export function allowedHosts(decided: readonly Decision[]): string[] {
  const hosts = decided.flatMap(({ permission }) => (permission.kind === 'host' ? [permission.host] : []));
  return [...new Set(hosts)].filter((host) => decisionOn({ kind: 'host', host }, decided)?.isAllowed);
}

/** What an agent is told of a decision. */
export function sentenceOfDecision({ permission, isAllowed, words }: Decision): string {
  const what = permission.kind === 'host' ? `to reach ${permission.host}` : permission.title;
  if (!isAllowed) {
    const said = words === undefined ? '' : ` The person says: ${words}`;
    return `A person was asked and refused this: ${what}.${said} Do not try it again; go on without it.`;
  }
  const again = permission.kind === 'host' ? 'Run the command again' : 'Make that very call again, unchanged';
  return `A person was asked and allowed this: ${what}. ${again}, and go on with the task.`;
}

function isSame(one: Permission, other: Permission): boolean {
  if (one.kind === 'host') return other.kind === 'host' && one.host === other.host;
  return other.kind === 'call' && one.tool === other.tool && one.digest === other.digest;
}
