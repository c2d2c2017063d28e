import { type AgentRole, roleNamed } from '../../domain/agent.ts';

/** What is known of the server that a message was written in. */
export type AddressBook = {
  readonly botId: string;
  /** Ids of roles that stand for the bot itself: a server makes one for it. */
  readonly botRoles: readonly string[];
  /** The names of the roles that the message mentions, by id. */
  readonly roleNames: Readonly<Record<string, string>>;
  readonly defaultAgent: AgentRole;
};

export type Addressed = {
  readonly kind: 'addressed';
  readonly agent: AgentRole;
  /** What is said to it; never empty. */
  readonly text: string;
  /** The bot or an agent is named; a plain message goes to the default agent. */
  readonly wasMentioned: boolean;
  /** An agent is named. */
  readonly namesAgent: boolean;
};

/** Nothing is said. */
export type EmptyAddress = {
  readonly kind: 'problem';
  readonly problem: string;
  readonly cure: string;
  readonly wasMentioned: boolean;
};

/** White space, and marks that nobody sees: of the direction of writing, of no width. */
const unseen = /^[\s\p{Cf}]+/u;
const mention = /^<@(!|&)?(\d{1,25})>/;
/** As in `mentionsIn`: not the beginning of something longer, as `@dev/tools`. */
const named = /^(@?)\p{Cf}*([A-Za-z]{2,20}(?:-[A-Za-z]{2,20})?)(?![-_/]?[\p{L}\p{N}]|\.[\p{Ll}\p{N}])/u;
const behindName = /^\p{Cf}*\s*[:,]?/u;

/**
 * Whom a message speaks to, and what it says to them. Names count at its beginning alone, or directly behind the name of the
 * bot; whatever comes later stays as it is.
 */
export function addressOf(content: string, book: AddressBook): Addressed | EmptyAddress {
  let rest = content.replace(unseen, '');
  let isToBot = false;
  let agent: AgentRole | undefined;
  for (let found = mention.exec(rest); found && agent === undefined; found = mention.exec(rest)) {
    const [whole, sign, id = ''] = found;
    const isOfBot = sign === '&' ? book.botRoles.includes(id) : id === book.botId;
    agent = sign === '&' && !isOfBot ? roleOfServer(book.roleNames[id]) : undefined;
    if (!isOfBot && agent === undefined) break;
    isToBot ||= isOfBot;
    rest = rest.slice(whole.length).replace(behindName, '').replace(unseen, '');
  }
  const typed = agent === undefined ? named.exec(rest) : null;
  if (typed && (typed[1] === '@' || isToBot)) {
    agent = roleNamed(typed[2] ?? '');
    if (agent) rest = rest.slice(typed[0].length).replace(behindName, '').replace(unseen, '');
  }
  const wasMentioned = isToBot || agent !== undefined;
  const text = rest.trim();
  if (text.replace(unseen, '') === '') {
    return {
      kind: 'problem',
      problem: 'That says nothing that could be done.',
      cure: 'Say what is to be done, for example: @dev create a REST API for todos',
      wasMentioned,
    };
  }
  return {
    kind: 'addressed',
    agent: agent ?? book.defaultAgent,
    text,
    wasMentioned,
    namesAgent: agent !== undefined,
  };
}

/** `STOP`, alone: in any case, with any signs around it, and behind a name. */
export function saysStop(text: string): boolean {
  return /^[^\p{L}\p{N}@<]*stop[^\p{L}\p{N}]*$/iu.test(text);
}

function roleOfServer(name: string | undefined): AgentRole | undefined {
  return name === undefined
    ? undefined
    : roleNamed(
        name
          .trim()
          .replace(/^@/, '')
          .replaceAll(/[\s_]+/g, '-'),
      );
}
