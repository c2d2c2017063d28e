import { and, sql } from 'drizzle-orm';
import { roomFor } from '../../../domain/conversation-rules.ts';
import type { News } from '../../../domain/event.ts';
import type { Mail, Message } from '../../../domain/message.ts';
import type { MailResult, MailSettlement } from '../../conversations.ts';
import type { Statements } from '../database.ts';
import { record } from '../events.ts';
import { mail } from '../schema/conversations.ts';
import { type HeldConversation, holdConversation, holdWithTask } from './conversation-rows.ts';
import { escalate } from './escalations.ts';
import { holdWaiting, isLetter, isWaiting, letterOf } from './mail-rows.ts';
import { send } from './send.ts';

/** See `ConversationStore.settle`. */
export async function settle(statements: Statements, taken: Mail, result: MailResult): Promise<MailSettlement> {
  const { conversationId } = taken.message;
  const conversation =
    // A question refers to the task, which has to be locked first then.
    result.kind === 'escalated'
      ? (await holdWithTask(statements, conversationId))?.conversation
      : await holdConversation(statements, conversationId);
  if (conversation?.state.kind !== 'open') return { kind: 'passed' };
  if (!(await holdWaiting(statements, letterOf(taken)))) return { kind: 'passed' };
  if (result.kind === 'replied' && !roomFor(conversation, conversation.counts, taken.agent)) return { kind: 'no-room' };

  const { news, message } = await carryOut(statements, conversation, taken, result);
  await record(
    statements,
    news.map((item) => ({ news: item })),
  );
  return { kind: 'settled', ...(message === undefined ? {} : { message }) };
}

async function carryOut(
  statements: Statements,
  conversation: HeldConversation,
  taken: Mail,
  result: MailResult,
): Promise<{ readonly news: readonly News[]; readonly message?: Message }> {
  const letter = letterOf(taken);
  const { number, agent, conversationId } = letter;
  switch (result.kind) {
    case 'declined': {
      const { taskId } = conversation;
      const { reason, relevance } = result;
      const told = relevance === undefined ? { reason } : { relevance, reason };
      await end(statements, taken, reason);
      return { news: [{ type: 'message.declined', taskId, conversationId, number, agent, ...told }] };
    }
    case 'replied': {
      const { kind: _, ...reply } = result;
      const replied = { ...reply, key: `reply:${number}:${agent}`, author: agent, answers: number };
      await end(statements, taken);
      const { message, news } = await send(statements, conversation, replied);
      return { news: [news], message };
    }
    case 'escalated':
      await statements
        .update(mail)
        .set({ attempts: sql`greatest(attempts - 1, 0)`, dueAt: sql`clock_timestamp()` })
        .where(and(isLetter(letter), isWaiting()));
      return { news: await escalate(statements, conversation, result) };
  }
}

async function end(statements: Statements, taken: Mail, reason: string | null = null): Promise<void> {
  await statements
    .update(mail)
    .set({ settledAt: sql`clock_timestamp()`, reason })
    .where(isLetter(letterOf(taken)));
}
