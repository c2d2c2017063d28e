import { and, asc, desc, eq, isNotNull, sql } from 'drizzle-orm';
import type { News } from '../../../domain/event.ts';
import type { DeadLetter } from '../../../domain/message.ts';
import type { Database, Statements } from '../database.ts';
import { conversations, mail, messages } from '../schema/conversations.ts';
import { dateTime } from '../times.ts';
import { holdConversation } from './conversation-rows.ts';
import { isLetter, isWaiting, type Letter } from './mail-rows.ts';
import { messageColumns, messageOf } from './message-rows.ts';

/** Makes mail that waits a dead letter; the news is for the caller to record. */
export async function bury(statements: Statements, letter: Letter, reason: string): Promise<News[]> {
  const rows = await statements
    .update(mail)
    .set({ deadAt: sql`clock_timestamp()`, reason })
    .where(and(isLetter(letter), isWaiting()))
    .returning({ number: mail.number });
  if (rows.length === 0) return [];
  const owners = await statements
    .select({ taskId: conversations.taskId })
    .from(conversations)
    .where(eq(conversations.id, letter.conversationId));
  return owners.map(({ taskId }) => ({ type: 'message.undeliverable', taskId, ...letter, reason }));
}

/** See `ConversationStore.deadLetters`. */
export async function deadLetters(database: Database, limit: number): Promise<DeadLetter[]> {
  const rows = await database.query((statements) =>
    statements
      .select({
        ...messageColumns,
        agent: mail.agent,
        attempts: mail.attempts,
        reason: mail.reason,
        deadAt: dateTime(mail.deadAt),
      })
      .from(mail)
      .innerJoin(messages, and(eq(messages.conversationId, mail.conversationId), eq(messages.number, mail.number)))
      .where(isNotNull(mail.deadAt))
      .orderBy(desc(mail.deadAt), desc(mail.number), asc(mail.agent))
      .limit(limit),
  );
  return rows.map(({ agent, attempts, reason, deadAt, ...message }) => ({
    agent,
    message: messageOf(message),
    attempts,
    reason: reason ?? '',
    at: deadAt,
  }));
}

/** See `ConversationStore.resend`. In a conversation that is closed nobody would ever read it. */
export async function resend(statements: Statements, letter: Letter): Promise<boolean> {
  const conversation = await holdConversation(statements, letter.conversationId);
  if (!conversation || conversation.state.kind === 'closed') return false;
  const rows = await statements
    .update(mail)
    .set({ deadAt: null, reason: null, attempts: 0, dueAt: sql`clock_timestamp()` })
    .where(and(isLetter(letter), isNotNull(mail.deadAt)))
    .returning({ number: mail.number });
  return rows.length > 0;
}
