import { type AgentRole, agentRoles } from '../agent.ts';
import type { Conversation, Counts } from '../conversation.ts';
import { afterEscalation, nextForMail, roomFor } from '../conversation-rules.ts';
import type { Message, Speaker } from '../message.ts';

type Sent = Pick<Message, 'number' | 'author' | 'text' | 'mentions'>;
type Mail = { readonly agent: AgentRole; readonly message: Sent };

/** A conversation with its inboxes, in memory, as the store and its readers treat it. */
export type Walk = {
  readonly conversation: Pick<Conversation, 'state' | 'members' | 'allowance' | 'silenced'>;
  readonly messages: readonly Sent[];
  readonly inbox: readonly Mail[];
  /** What was escalated, for whose sake. */
  readonly escalations: readonly (AgentRole | 'all')[];
  /** Mail that was handled, for handling it again as after a restart. */
  readonly handled: readonly Mail[];
  /** How often a person has said something or answered. */
  readonly humanDeeds: number;
};

export function begun(members: readonly AgentRole[], allowance: Conversation['allowance']): Walk {
  const conversation = { state: { kind: 'open' as const }, members, allowance, silenced: [] };
  return { conversation, messages: [], inbox: [], escalations: [], handled: [], humanDeeds: 0 };
}

export function countsOf({ messages }: Walk): Counts {
  const counts: Partial<Record<Speaker, number>> = {};
  for (const { author } of messages) counts[author] = (counts[author] ?? 0) + 1;
  return counts;
}

export function sentByAgents({ messages }: Walk): number {
  return messages.filter(({ author }) => author !== 'human').length;
}

export function said(walk: Walk, author: Speaker, text: string, mentions: readonly AgentRole[] = []): Walk {
  if (walk.conversation.state.kind === 'closed') return walk;
  const message: Sent = { number: walk.messages.length + 1, author, text, mentions };
  const mails = walk.conversation.members.filter((agent) => agent !== author).map((agent) => ({ agent, message }));
  return {
    ...walk,
    messages: [...walk.messages, message],
    inbox: [...walk.inbox, ...mails],
    humanDeeds: walk.humanDeeds + (author === 'human' ? 1 : 0),
  };
}

/** Handles one mail of an agent that always has something to say. Mail that was handled before is settled already. */
export function handled(walk: Walk, mail: Mail): Walk {
  const { conversation } = walk;
  const { agent, message } = mail;
  const isDue = walk.inbox.includes(mail);
  const decision = nextForMail({ conversation, counts: countsOf(walk), agent, message, relevance: 10 });
  switch (decision.kind) {
    case 'wait':
      return walk;
    case 'rate':
      throw new Error('The relevance is known.');
    case 'escalate':
      return isDue ? escalated(walk, decision.silenced) : walk;
    case 'decline':
      return isDue ? settled(walk, mail) : walk;
    case 'reply':
      // The fence of the store: settled once, and only while there is room.
      if (!isDue || !roomFor(conversation, countsOf(walk), agent)) return walk;
      return said(settled(walk, mail), agent, 'and another thing', agentRoles.filter((role) => role !== agent));
  }
}

/** Answers what is asked; an answer that cannot be understood changes nothing. */
export function answered(walk: Walk, choice: string, text: string): Walk {
  const { conversation } = walk;
  if (conversation.state.kind !== 'escalated') return walk;
  const after = afterEscalation(conversation, countsOf(walk), choice, text);
  if (after.kind === 'problem') return walk;
  const told = after.message === undefined ? walk : said(walk, 'human', after.message);
  return {
    ...told,
    conversation: { ...conversation, state: after.state, allowance: after.allowance },
    humanDeeds: walk.humanDeeds + 1,
  };
}

/** Handles mail, oldest first, until nothing changes any more. */
export function drained(walk: Walk): Walk {
  let now = walk;
  for (let step = 0; step < 10_000; step += 1) {
    const [mail] = now.inbox;
    const next = mail ? handled(now, mail) : now;
    if (next === now) return now;
    now = next;
  }
  throw new Error('It goes on forever.');
}

function settled(walk: Walk, mail: Mail): Walk {
  return { ...walk, inbox: walk.inbox.filter((other) => other !== mail), handled: [...walk.handled, mail] };
}

function escalated(walk: Walk, silenced: AgentRole | undefined): Walk {
  const { conversation } = walk;
  return {
    ...walk,
    conversation: {
      ...conversation,
      state: { kind: 'escalated', questionId: 'aaaaaaaa' },
      silenced: silenced ? [...conversation.silenced, silenced] : conversation.silenced,
    },
    escalations: [...walk.escalations, silenced ?? 'all'],
  };
}
