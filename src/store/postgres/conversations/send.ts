import { and, eq, sql } from 'drizzle-orm';
import { roomFor } from '../../../domain/conversation-rules.ts';
import type { News } from '../../../domain/event.ts';
import type { Message } from '../../../domain/message.ts';
import type { NewMessage } from '../../conversations.ts';
import type { Statements } from '../database.ts';
import { record } from '../events.ts';
import { conversations, mail, messages } from '../schema/conversations.ts';
import { type HeldConversation, holdConversation } from './conversation-rows.ts';
import { messageColumns, messageOf } from './message-rows.ts';

/** See `ConversationStore.publish`. */
export async function publish(statements: Statements, message: NewMessage): Promise<Message | undefined> {
  const conversation = await holdConversation(statements, message.conversationId);
  if (!conversation) return undefined;
  const [sent] = await statements
    .select(messageColumns)
    .from(messages)
    .where(and(eq(messages.conversationId, conversation.id), eq(messages.key, message.key)));
  if (sent) return messageOf(sent);
  if (conversation.state.kind === 'closed' || isBeyondLimits(conversation, message)) return undefined;
  const { message: saved, news } = await send(statements, conversation, message);
  await record(statements, [{ news }]);
  return saved;
}

/** Whoever speaks of itself looked for room before; somebody else may have used it since. What is requested has to be said. */
function isBeyondLimits(conversation: HeldConversation, { author, request }: NewMessage): boolean {
  return author !== 'human' && request === undefined && !roomFor(conversation, conversation.counts, author);
}

/** Saves the next message of a conversation that is held, with mail for everybody else; the news is for the caller to record. */
export async function send(
  statements: Statements,
  conversation: HeldConversation,
  { key, author, text, mentions, answers, request, result }: Omit<NewMessage, 'conversationId'>,
): Promise<{ readonly message: Message; readonly news: News }> {
  const { id: conversationId, taskId, topic, members, counts } = conversation;
  const number = conversation.lastNumber + 1;
  const [row] = await statements
    .insert(messages)
    .values({
      conversationId,
      number,
      key,
      author,
      text,
      mentions: [...mentions],
      answers: answers ?? null,
      request: request ?? null,
      result: result ?? null,
    })
    .returning(messageColumns);
  if (!row) throw new Error('the server returned no row for what it saved');
  const letters = members.filter((agent) => agent !== author).map((agent) => ({ conversationId, number, agent }));
  if (letters.length > 0) await statements.insert(mail).values(letters);
  await statements
    .update(conversations)
    .set({
      lastNumber: number,
      counts: { ...counts, [author]: (counts[author] ?? 0) + 1 },
      lastAt: sql`clock_timestamp()`,
    })
    .where(eq(conversations.id, conversationId));

  const message = messageOf(row);
  const told = {
    author,
    text: message.text,
    mentions,
    ...(answers === undefined ? {} : { answers }),
    ...(request === undefined ? {} : { request: request.kind }),
    ...(result === undefined ? {} : { result: result.kind }),
  };
  return { message, news: { type: 'message.sent', taskId, conversationId, topic, number, ...told } };
}
