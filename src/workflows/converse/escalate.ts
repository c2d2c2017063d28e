import { randomUUID } from 'node:crypto';
import { escalationQuestion } from '../../domain/escalation.ts';
import type { ConversationSummary, Escalation } from '../../store/conversations.ts';
import type { ConverseNeeds } from './needs.ts';

const idLength = 8;
const lastMessages = 50;

/** The question by which a conversation is brought before a person. */
export async function escalationOf(
  conversation: ConversationSummary,
  { reason, silenced }: Pick<Escalation, 'reason' | 'silenced'>,
  { store }: Pick<ConverseNeeds, 'store'>,
): Promise<Escalation> {
  const total = Object.values(conversation.counts).reduce((sum, count) => sum + count, 0);
  const messages = await store.conversations.messages(conversation.id, Math.max(0, total - lastMessages), lastMessages);
  const id = randomUUID().replaceAll('-', '').slice(0, idLength);
  const question = { id, kind: 'question', ...escalationQuestion(conversation, messages, reason) } as const;
  return { question, reason, ...(silenced === undefined ? {} : { silenced }) };
}
