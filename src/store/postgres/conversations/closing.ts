import { and, asc, eq, ne, sql } from 'drizzle-orm';
import { allowanceOf } from '../../../domain/conversation-rules.ts';
import type { News } from '../../../domain/event.ts';
import type { ConversationId, TaskId } from '../../../domain/identifiers.ts';
import type { Statements } from '../database.ts';
import { conversations, mail } from '../schema/conversations.ts';
import { tasks } from '../schema.ts';
import { holdConversation } from './conversation-rows.ts';
import { isWaiting } from './mail-rows.ts';

/** Closes a conversation that is held: what waits is declined, without news of each. The news is for the caller to record. */
export async function close(
  statements: Statements,
  { id, taskId }: { readonly id: ConversationId; readonly taskId: TaskId },
  reason: string,
): Promise<News> {
  await statements
    .update(conversations)
    .set({ state: { kind: 'closed', reason } })
    .where(eq(conversations.id, id));
  await statements
    .update(mail)
    .set({ settledAt: sql`clock_timestamp()`, reason: 'the conversation was closed' })
    .where(and(eq(mail.conversationId, id), isWaiting()));
  return { type: 'conversation.closed', taskId, conversationId: id, reason };
}

/** Closes what a task leaves open that is finished in the same transaction. The news is for the caller to record. */
export async function closeAllOf(statements: Statements, taskId: TaskId): Promise<News[]> {
  const left = await statements
    .select({ id: conversations.id, taskId: conversations.taskId })
    .from(conversations)
    .where(and(eq(conversations.taskId, taskId), ne(sql`state ->> 'kind'`, 'closed')))
    .orderBy(asc(conversations.id))
    .for('update');
  const news: News[] = [];
  for (const conversation of left) news.push(await close(statements, conversation, 'the task is finished'));
  return news;
}

/** See `ConversationStore.reopen`. False when it is not closed, or when that task is finished. */
export async function reopen(
  statements: Statements,
  id: ConversationId,
  taskId: TaskId,
  more: number,
): Promise<boolean> {
  if (!(await isUnfinished(statements, taskId))) return false;
  const conversation = await holdConversation(statements, id);
  if (conversation?.state.kind !== 'closed') return false;
  const { each, all } = allowanceOf(conversation.counts, more);
  await statements
    .update(conversations)
    .set({ state: { kind: 'open' }, taskId, allowanceEach: each, allowanceAll: all, allowanceOwn: null })
    .where(eq(conversations.id, id));
  return true;
}

/** Keeps a task from being finished until the transaction ends; false when it is finished, or unknown. */
export async function isUnfinished(statements: Statements, id: TaskId): Promise<boolean> {
  const [task] = await statements
    .select({ finishedAt: tasks.finishedAt })
    .from(tasks)
    .where(eq(tasks.id, id))
    .for('share');
  return task !== undefined && task.finishedAt === null;
}
