import { allocationOf } from '../../domain/allocation.ts';
import { grantAmountFrom, mostOfGrant } from '../../domain/grant-amount.ts';
import { laterExamples } from '../../domain/later.ts';
import { problemOfChoice, type Question } from '../../domain/question.ts';
import { problemOfDecision, type ToolDecision, toolDecision } from '../../domain/tool-decision.ts';
import {
  decisionFromTyped,
  mostPromptsOfDecision,
  type TypedDecision,
  type UnclearDecision,
} from '../../domain/typed-decision.ts';
import type { Fields } from './fields.ts';
import type { Intention } from './intention.ts';

/** What is done about a question, after everything was checked. */
export type GivenAnswer =
  | { readonly kind: 'decision'; readonly decision: ToolDecision }
  | { readonly kind: 'grant'; readonly amount: number | 'refuse' }
  | { readonly kind: 'answer'; readonly choice: string; readonly text?: string };

/** What is wrong, in one line. */
export type Problem = { readonly kind: 'problem'; readonly problem: string };

/** An intention to answer something. */
export type Answering = Exclude<Intention, { readonly kind: 'stop' }>;

/** What an intention and the fields of its dialog say to the question as it is now. */
export function answerFrom(intention: Answering, question: Question, fields: Fields, now: Date): GivenAnswer | Problem {
  const isDecided = question.kind === 'tool-request';
  const isGranted = question.kind === 'grant';
  switch (intention.kind) {
    case 'decide':
      return isDecided ? decisionOf(intention.decision, fields, now) : otherKind(question);
    case 'say':
      return isDecided || isGranted || (question.choices?.length ?? 0) > 0
        ? otherKind(question)
        : chosen(question, 'answer', fields.text);
    case 'answer': {
      const suggestion = question.choices?.length ? undefined : question.suggestions?.[intention.choice];
      if (suggestion !== undefined) return chosen(question, 'answer', suggestion);
      const choice = question.choices?.[intention.choice];
      return isDecided || isGranted || !choice ? otherKind(question) : chosen(question, choice.name, fields.text);
    }
    case 'grant':
      return grantOf(question, intention.amount === 'custom' ? (fields.amount ?? '') : String(intention.amount));
    case 'refuse-grant':
      if (isGranted) return { kind: 'grant', amount: 'refuse' };
      return question.kind === 'allocation' ? chosen(question, 'cancel', undefined) : otherKind(question);
    case 'move':
      return question.kind === 'allocation'
        ? chosen(question, 'move', `${intention.from} ${fields.amount?.trim() ?? ''}`)
        : otherKind(question);
  }
}

function decisionOf(name: ToolDecision['kind'], fields: Fields, now: Date): GivenAnswer | Problem {
  const adopt = yesOrNo(fields.adopt);
  if (adopt === undefined) return problem(`“${shown(fields.adopt)}” is neither yes nor no.`);
  const typed: TypedDecision = {
    ...filled('agents', fields.agents),
    ...filled('maxPrompts', fields.prompts),
    ...filled('deadline', fields.deadline),
    ...filled('until', fields.until),
    ...filled('reason', fields.reason),
    ...filled('use', fields.which),
    ...filled('workaround', fields.workaround),
    adopt,
  };
  const decision = decisionFromTyped(name, typed, now);
  if (decision.kind === 'problem') return problem(sentenceOf(decision));
  const wrong = problemOfDecision(decision, now.getTime());
  if (wrong !== undefined) return problem(`That cannot be decided: ${wrong}.`);
  // What the domain takes is the last word, for example on how long a reason may be.
  const checked = toolDecision.safeParse(decision);
  if (!checked.success) return problem('That is too long, or names nobody: say it in fewer words.');
  return { kind: 'decision', decision: checked.data };
}

function sentenceOf(unclear: UnclearDecision): string {
  switch (unclear.why) {
    case 'missing':
      return { use: 'Say what is used instead.', until: 'Say until when.', reason: 'Say why.' }[unclear.field];
    case 'unknown':
      return `There is no agent “${shown(unclear.value)}”: name some of dev, pm, qa, dm, innovator, coach.`;
    case 'over':
      return `“${shown(unclear.value)}” is over: give for example ${laterExamples}.`;
    case 'unclear':
      return unclear.field === 'maxPrompts'
        ? `“${shown(unclear.value)}” is no count of prompts: give a whole number from 1 to ${mostPromptsOfDecision}.`
        : `“${shown(unclear.value)}” is no moment to come: give for example ${laterExamples}.`;
  }
}

function grantOf(question: Question, typed: string): GivenAnswer | Problem {
  if (question.kind === 'allocation') return chosen(question, 'grant', typed);
  const { kind, shortage } = question;
  if (kind !== 'grant' || !shortage) return otherKind(question);
  const amount = grantAmountFrom(shortage.measure, typed);
  if (amount !== undefined) return { kind: 'grant', amount };
  const what = shortage.measure === 'usd' ? 'an amount in USD' : 'a whole number';
  return problem(`“${shown(typed)}” cannot be given: say ${what} up to ${mostOfGrant[shortage.measure]}.`);
}

function chosen(question: Question, choice: string, text: string | undefined): GivenAnswer | Problem {
  const said = text?.trim() || undefined;
  const given = { kind: 'answer', choice, ...(said === undefined ? {} : { text: said }) } as const;
  if (!question.choices?.length) return said === undefined ? problem('Say it in words.') : given;
  const wrong = problemOfChoice(question, choice, said);
  if (wrong !== undefined) return problem(wrong);
  if (question.kind !== 'allocation') return given;
  const allocation = allocationOf(choice, said);
  return allocation.kind === 'problem' ? problem(`${allocation.problem}.`) : given;
}

function otherKind({ id }: Question): Problem {
  return problem(`Question ${id} is not answered like that; see /pending.`);
}

function problem(text: string): Problem {
  return { kind: 'problem', problem: text };
}

/** An empty field of a dialog was left out. */
function filled<Name extends keyof TypedDecision>(
  name: Name,
  value: string | undefined,
): { readonly [Key in Name]?: string } {
  return value?.trim() ? ({ [name]: value.trim() } as { readonly [Key in Name]?: string }) : {};
}

function yesOrNo(typed = ''): boolean | undefined {
  const lower = typed.trim().toLowerCase();
  if (['', 'no', 'n'].includes(lower)) return false;
  return ['yes', 'y'].includes(lower) ? true : undefined;
}

/** What somebody typed, short enough for one line and without signs that Discord would read. */
function shown(typed = ''): string {
  const plain = typed.replaceAll(/[\p{C}`*_~|<>@#]/gu, '').trim();
  return plain.length > 60 ? `${plain.slice(0, 60)}…` : plain;
}
