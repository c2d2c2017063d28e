import { sql } from 'drizzle-orm';
import { check, index } from 'drizzle-orm/pg-core';
import type { ConversationId, TaskId } from '../../../domain/identifiers.ts';
import type { AnsweredBy, QuestionKind } from '../../../domain/question.ts';
import { checkedJson, text, time } from '../columns.ts';
import { spiral, tasks } from '../schema.ts';
import { answerSchema, choicesSchema, shortageSchema, suggestionsSchema } from '../stored.ts';
import { conversations } from './conversations.ts';

const shortage = checkedJson(shortageSchema);
const choices = checkedJson(choicesSchema);
const suggestions = checkedJson(suggestionsSchema);
const answer = checkedJson(answerSchema);

export const questions = spiral.table(
  'questions',
  {
    id: text('id').primaryKey(),
    taskId: text('task_id')
      .$type<TaskId>()
      .notNull()
      .references(() => tasks.id),
    kind: text('kind').$type<QuestionKind>().notNull(),
    text: text('text').notNull(),
    shortage: shortage('shortage'),
    choices: choices('choices'),
    suggestions: suggestions('suggestions'),
    askedAt: time('asked_at').notNull().default(sql`clock_timestamp()`),
    answeredAt: time('answered_at'),
    answer: answer('answer'),
    answeredBy: text('answered_by').$type<AnsweredBy>(),
    /** The conversation that is quiet until it is answered. */
    conversationId: text('conversation_id')
      .$type<ConversationId>()
      .references(() => conversations.id, { onDelete: 'set null' }),
  },
  (question) => [
    index('questions_of_task').on(question.taskId),
    index('questions_of_conversation').on(question.conversationId).where(sql`conversation_id is not null`),
    index('questions_open').on(question.askedAt).where(sql`answered_at is null`),
    check('questions_answered_whole', sql`(answered_at is null) = (answer is null)`),
  ],
);
