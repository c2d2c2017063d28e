import { eq, sql } from 'drizzle-orm';
import type { Conversation, Counts } from '../../../domain/conversation.ts';
import type { ConversationId } from '../../../domain/identifiers.ts';
import type { ConversationSummary } from '../../conversations.ts';
import type { Statements } from '../database.ts';
import { conversations } from '../schema/conversations.ts';
import { tasks } from '../schema.ts';
import { dateTime } from '../times.ts';

/** The columns that a `Conversation` is read from. */
export const conversationColumns = {
  id: conversations.id,
  taskId: conversations.taskId,
  topic: conversations.topic,
  members: conversations.members,
  each: conversations.allowanceEach,
  all: conversations.allowanceAll,
  own: conversations.allowanceOwn,
  state: conversations.state,
  silenced: conversations.silenced,
  summary: conversations.summary,
  upTo: conversations.summarisedTo,
  createdAt: dateTime(conversations.createdAt),
} as const;

/** The columns that a `ConversationSummary` is read from. */
export const summaryColumns = {
  ...conversationColumns,
  counts: conversations.counts,
  lastAt: dateTime(conversations.lastAt),
  unread: sql<number>`(
    select count(*)::int from spiral.mail
    where mail.conversation_id = conversations.id and settled_at is null and dead_at is null
  )`,
  dead: sql<number>`(
    select count(*)::int from spiral.mail where mail.conversation_id = conversations.id and dead_at is not null
  )`,
} as const;

type ConversationRow = Omit<Conversation, 'allowance' | 'memory'> & {
  readonly each: number;
  readonly all: number;
  readonly own: Conversation['allowance']['own'] | null;
  readonly summary: string;
  readonly upTo: number;
};
type SummaryRow = ConversationRow & Pick<ConversationSummary, 'counts' | 'lastAt' | 'unread' | 'dead'>;

/** A conversation that nobody else changes until the transaction ends. */
export type HeldConversation = Conversation & { readonly counts: Counts; readonly lastNumber: number };

export function conversationOf({ each, all, own, summary, upTo, ...row }: ConversationRow): Conversation {
  return { ...row, allowance: { each, all, ...(own ? { own } : {}) }, memory: { summary, upTo } };
}

export function summaryOf({ counts, lastAt, unread, dead, ...row }: SummaryRow): ConversationSummary {
  return { ...conversationOf(row), counts, lastAt, unread, dead };
}

/**
 * Keeps everybody else from changing a conversation until the transaction ends. Rows are always locked in this order: the
 * task, the conversation, its mail, the scopes of the budget.
 */
export async function holdConversation(
  statements: Statements,
  id: ConversationId,
): Promise<HeldConversation | undefined> {
  const [row] = await statements
    .select({ ...conversationColumns, counts: conversations.counts, lastNumber: conversations.lastNumber })
    .from(conversations)
    .where(eq(conversations.id, id))
    .for('update');
  if (!row) return undefined;
  const { counts, lastNumber, ...conversation } = row;
  return { ...conversationOf(conversation), counts, lastNumber };
}

/** As `holdConversation`, and keeps its task from being changed as well. */
export async function holdWithTask(
  statements: Statements,
  id: ConversationId,
): Promise<{ readonly conversation: HeldConversation; readonly promptLimit: number } | undefined> {
  const owner = statements.select({ id: conversations.taskId }).from(conversations).where(eq(conversations.id, id));
  const [task] = await statements
    .select({ id: tasks.id, promptLimit: tasks.promptLimit })
    .from(tasks)
    .where(eq(tasks.id, owner))
    .for('update');
  const conversation = task && (await holdConversation(statements, id));
  if (!conversation) return undefined;
  // Between the two locks it was given to another task: that one has to be locked before it.
  if (conversation.taskId !== task.id) throw new Error(`conversation ${id} was reopened for another task`);
  return { conversation, promptLimit: task.promptLimit };
}
