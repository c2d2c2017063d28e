import type { Conversation } from '../../domain/conversation.ts';
import type { Message, Relevance } from '../../domain/message.ts';
import { judgeLocally } from '../../domain/relevance.ts';
import type { Task } from '../../domain/task.ts';
import { askFor } from './ask-for.ts';
import type { ConverseNeeds, Halt } from './needs.ts';

export type Rated = { readonly kind: 'rated'; readonly relevance: Relevance } | Halt;

/**
 * How relevant a message is for every member. Words decide where they can; only when they cannot for somebody the model is
 * asked, once for all members together. Where it has no usable answer the words have to do; where it cannot be asked now,
 * nothing is settled.
 */
export async function rate(
  task: Task,
  { id, topic, members }: Pick<Conversation, 'id' | 'topic' | 'members'>,
  message: Message,
  needs: ConverseNeeds,
  signal: AbortSignal,
): Promise<Rated> {
  const { scores, uncertain } = judgeLocally(message.text, members);
  const asked =
    uncertain.length === 0
      ? ({ kind: 'rated', relevance: {} } as const)
      : await askedScores(task, topic, members, message, needs, signal);
  if (asked.kind !== 'rated') return asked;
  const kept = await needs.store.conversations.rate(id, message.number, { ...scores, ...asked.relevance });
  return { kind: 'rated', relevance: { ...scores, ...kept } };
}

async function askedScores(
  task: Task,
  topic: string,
  members: Conversation['members'],
  message: Message,
  needs: ConverseNeeds,
  signal: AbortSignal,
): Promise<Rated> {
  const ending = await askFor(task, needs.team.conversation.relevance(topic, members, message), needs, signal);
  switch (ending.kind) {
    case 'answered': {
      const scores = ending.answer.scores.map(({ agent, relevance }) => [agent, relevance]);
      return { kind: 'rated', relevance: Object.fromEntries(scores) };
    }
    case 'out-of-budget':
      return { kind: 'short', shortage: ending.shortage };
    case 'paused':
      return { kind: 'paused', until: ending.until };
    case 'aborted':
      return { kind: 'stopped' };
    case 'unusable':
    case 'failed':
      return { kind: 'rated', relevance: {} };
  }
}
