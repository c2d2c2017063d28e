import { sql } from 'drizzle-orm';
import { boolean, check, foreignKey, index, integer, primaryKey, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import type { AgentRole } from '../../../domain/agent.ts';
import type { ConversationId, TaskId } from '../../../domain/identifiers.ts';
import type { Speaker } from '../../../domain/message.ts';
import { messageRequestSchema, messageResultSchema } from '../../../domain/message-request.ts';
import { checkedJson, text, time } from '../columns.ts';
import { spiral, tasks } from '../schema.ts';
import { conversationStateSchema, countsSchema, relevanceSchema } from '../stored.ts';

const conversationState = checkedJson(conversationStateSchema);
const counts = checkedJson(countsSchema);
const relevance = checkedJson(relevanceSchema);
const messageRequest = checkedJson(messageRequestSchema);
const messageResult = checkedJson(messageResultSchema);

export const conversations = spiral.table(
  'conversations',
  {
    id: text('id').$type<ConversationId>().primaryKey(),
    taskId: text('task_id')
      .$type<TaskId>()
      .notNull()
      .references(() => tasks.id),
    topic: text('topic').notNull(),
    members: text('members').array().$type<AgentRole[]>().notNull(),
    allowanceEach: integer('allowance_each').notNull(),
    allowanceAll: integer('allowance_all').notNull(),
    /** Of agents that have a limit of their own. */
    allowanceOwn: counts('allowance_own'),
    state: conversationState('state').notNull(),
    silenced: text('silenced').array().$type<AgentRole[]>().notNull().default(sql`'{}'`),
    summary: text('summary').notNull().default(''),
    /** The last message that the summary holds. */
    summarisedTo: integer('summarised_to').notNull().default(0),
    /** How many messages there are, and of whom: changed with each message, under the lock of this row. */
    lastNumber: integer('last_number').notNull().default(0),
    counts: counts('counts').notNull().default({}),
    lastAt: time('last_at').notNull().default(sql`clock_timestamp()`),
    createdAt: time('created_at').notNull().default(sql`clock_timestamp()`),
  },
  (conversation) => [
    index('conversations_by_news').on(conversation.lastAt, conversation.id),
    index('conversations_of_task').on(conversation.taskId, conversation.createdAt),
    index('conversations_open').on(conversation.id).where(sql`state ->> 'kind' = 'open'`),
  ],
);

export const messages = spiral.table(
  'messages',
  {
    conversationId: text('conversation_id')
      .$type<ConversationId>()
      .notNull()
      .references(() => conversations.id),
    number: integer('number').notNull(),
    key: text('key').notNull(),
    author: text('author').$type<Speaker>().notNull(),
    text: text('text').notNull(),
    mentions: text('mentions').array().$type<AgentRole[]>().notNull(),
    answers: integer('answers'),
    request: messageRequest('request'),
    result: messageResult('result'),
    relevance: relevance('relevance'),
    at: time('at').notNull().default(sql`clock_timestamp()`),
  },
  (message) => [
    primaryKey({ name: 'messages_in_order', columns: [message.conversationId, message.number] }),
    uniqueIndex('messages_sent_once').on(message.conversationId, message.key),
  ],
);

/** The inboxes: one row for each message and each member that gets it. It waits until it is settled, or dead. */
export const mail = spiral.table(
  'mail',
  {
    conversationId: text('conversation_id').$type<ConversationId>().notNull(),
    number: integer('number').notNull(),
    agent: text('agent').$type<AgentRole>().notNull(),
    attempts: integer('attempts').notNull().default(0),
    /** Nobody handles it before. To the microsecond: what is sent now is due now. */
    dueAt: timestamp('due_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
    isPaid: boolean('is_paid').notNull().default(false),
    /** Why it was declined, why it is dead, or what the last attempt failed with. */
    reason: text('reason'),
    settledAt: time('settled_at'),
    deadAt: time('dead_at'),
  },
  (letter) => [
    primaryKey({ name: 'mail_got_once', columns: [letter.conversationId, letter.number, letter.agent] }),
    foreignKey({
      name: 'mail_of_message',
      columns: [letter.conversationId, letter.number],
      foreignColumns: [messages.conversationId, messages.number],
    }),
    index('mail_waiting')
      .on(letter.conversationId, letter.agent, letter.number)
      .where(sql`settled_at is null and dead_at is null`),
    index('mail_dead').on(letter.deadAt).where(sql`dead_at is not null`),
    index('mail_dead_of_conversation').on(letter.conversationId).where(sql`dead_at is not null`),
    check('mail_has_one_end', sql`settled_at is null or dead_at is null`),
  ],
);
