import { type AgentRole, agentRoles } from './agent.ts';
import type { Allowance, Conversation, ConversationState, Counts } from './conversation.ts';
import { isCourtesy } from './courtesy.ts';
import { mostMore, usualMore } from './escalation.ts';
import { type Message, relevanceThreshold } from './message.ts';

/** What a conversation is to its rules. */
type Ruled = Pick<Conversation, 'state' | 'members' | 'allowance' | 'silenced'>;

/** What is done with one mail. */
export type MailDecision =
  | { readonly kind: 'decline'; readonly reason: string; readonly relevance?: number }
  /** The conversation is escalated: the mail stays where it is until a person has answered. */
  | { readonly kind: 'wait' }
  /** How relevant the message is has to be known first. */
  | { readonly kind: 'rate' }
  /** A person is asked; `silenced` when it is for the sake of this agent. The mail is decided again afterwards. */
  | { readonly kind: 'escalate'; readonly reason: string; readonly silenced?: AgentRole }
  | { readonly kind: 'reply' };

export type DecidedMail = {
  readonly conversation: Ruled;
  readonly counts: Counts;
  readonly agent: AgentRole;
  readonly message: Pick<Message, 'author' | 'text' | 'mentions' | 'request' | 'result'>;
  /** Of the message for this agent, 0 to 10; undefined while nobody knows. */
  readonly relevance?: number | undefined;
};

/** The one place that decides what an agent does with a mail. */
export function nextForMail({ conversation, counts, agent, message, relevance }: DecidedMail): MailDecision {
  const { state, members, silenced } = conversation;
  if (state.kind === 'closed') return decline('the conversation is closed');
  if (state.kind === 'escalated') return { kind: 'wait' };
  if (!members.includes(agent)) return decline('it is not a member');
  if (message.author === agent) return decline('it is its own message');
  const isFormal = message.request !== undefined || message.result !== undefined;
  if (isFormal && !message.mentions.includes(agent)) return decline('somebody else is asked');
  if (!isFormal && isCourtesy(message.text)) return decline('it is a courtesy');

  const hasUsedItsOwn = (counts[agent] ?? 0) >= mostOf(conversation.allowance, agent);
  if (hasUsedItsOwn && silenced.includes(agent)) return decline('it has used its messages', relevance);

  if (!message.mentions.includes(agent)) {
    if (relevance === undefined) return { kind: 'rate' };
    if (relevance < relevanceThreshold) return decline('it is not relevant enough', relevance);
  }
  if (hasUsedItsOwn) {
    return { kind: 'escalate', reason: `${agent} has used its messages and wants to answer`, silenced: agent };
  }
  if (!roomFor(conversation, counts, agent)) return { kind: 'escalate', reason: 'the messages of all agents are used' };
  return { kind: 'reply' };
}

/** Whether an agent may send one more message now. What people said counts for nobody. */
export function roomFor(
  conversation: Pick<Conversation, 'state' | 'allowance'>,
  counts: Counts,
  agent: AgentRole,
): boolean {
  const { state, allowance } = conversation;
  return (
    state.kind === 'open' && (counts[agent] ?? 0) < mostOf(allowance, agent) && sentByAgents(counts) < allowance.all
  );
}

/** What becomes of an escalated conversation with a person's answer. */
export type AfterEscalation =
  | {
      readonly kind: 'changed';
      readonly state: ConversationState;
      readonly allowance: Allowance;
      /** What the person says to everybody, before the state is as it is told here. */
      readonly message?: string;
    }
  | { readonly kind: 'problem'; readonly problem: string };

/** `continue` counts from what has been used: nobody sends more than so many messages, alone or together. */
export function afterEscalation(
  { allowance }: Pick<Conversation, 'allowance'>,
  counts: Counts,
  choice: string,
  text = '',
): AfterEscalation {
  const words = text.trim();
  switch (choice) {
    case 'continue': {
      const more = moreIn(words);
      if (more === undefined) {
        return problem(`“continue” takes how many more messages, 1 to ${mostMore}, for example: continue ${usualMore}`);
      }
      return { kind: 'changed', state: { kind: 'open' }, allowance: allowanceOf(counts, more) };
    }
    case 'decide':
      return words === ''
        ? problem('“decide” needs what is decided, in your words')
        : { kind: 'changed', state: { kind: 'closed', reason: 'a person decided' }, allowance, message: words };
    case 'close':
      return { kind: 'changed', state: { kind: 'closed', reason: 'a person closed it' }, allowance };
    default:
      return problem(`“${choice}” is none of continue, decide, close`);
  }
}

/** What one agent may send. */
function mostOf({ each, own }: Allowance, agent: AgentRole): number {
  return own?.[agent] ?? each;
}

/** An allowance of so many more messages than were sent, whatever agents were allowed before. */
export function allowanceOf(counts: Counts, more: number): Allowance {
  const most = Math.max(...agentRoles.map((role) => counts[role] ?? 0));
  return { each: most + more, all: sentByAgents(counts) + more };
}

function sentByAgents(counts: Counts): number {
  return agentRoles.reduce((sum, role) => sum + (counts[role] ?? 0), 0);
}

/** The number in a person's words: there may be others around it, but only one number. */
function moreIn(words: string): number | undefined {
  if (words === '') return usualMore;
  const numbers = words.match(/[-+]?\d+(?:[.,]\d+)*/g) ?? [];
  const more = numbers.length === 1 && /^\+?\d{1,6}$/.test(numbers[0] ?? '') ? Number(numbers[0]) : 0;
  return more >= 1 && more <= mostMore ? more : undefined;
}

function decline(reason: string, relevance?: number): MailDecision {
  return { kind: 'decline', reason, ...(relevance === undefined ? {} : { relevance }) };
}

function problem(text: string): AfterEscalation {
  return { kind: 'problem', problem: text };
}
