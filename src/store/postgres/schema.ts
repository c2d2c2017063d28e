import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  customType,
  doublePrecision,
  index,
  integer,
  pgSchema,
  primaryKey,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { AgentRole } from '../../domain/agent.ts';
import type { News, NewsType, Origin } from '../../domain/event.ts';
import type { MachineId, SessionId, TaskId } from '../../domain/identifiers.ts';
import { type TaskState, taskStateSchema } from '../../domain/task.ts';
import type { LeaseHolder, OutputPiece } from '../store.ts';
import { storableJson, storableText } from './storable.ts';

// Every text passes through these columns on its way in, so what PostgreSQL would refuse is replaced in one place.
const text = customType<{ data: string; driverData: string }>({
  dataType: () => 'text',
  toDriver: storableText,
});

const taskState = customType<{ data: TaskState; driverData: unknown }>({
  dataType: () => 'jsonb',
  toDriver: storableJson,
  fromDriver: (value) => taskStateSchema.parse(value),
});

const leaseHolder = customType<{ data: LeaseHolder; driverData: unknown }>({
  dataType: () => 'jsonb',
  toDriver: storableJson,
});

/** `json`, not `jsonb`: a reader sees the fields in the order in which they were told. */
const news = customType<{ data: News; driverData: unknown }>({
  dataType: () => 'json',
  toDriver: storableJson,
});

const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

export const spiral = pgSchema('spiral');

export const tasks = spiral.table(
  'tasks',
  {
    id: text('id').$type<TaskId>().primaryKey(),
    text: text('text').notNull(),
    agent: text('agent').$type<AgentRole>().notNull(),
    origin: text('origin').$type<Origin>().notNull(),
    workspace: text('workspace').notNull(),
    machine: text('machine').$type<MachineId>().notNull(),
    model: text('model').notNull(),
    sessionId: text('session_id').$type<SessionId>().notNull(),
    promptLimit: integer('prompt_limit').notNull(),
    roundTimeoutSeconds: doublePrecision('round_timeout_seconds').notNull(),
    continues: text('continues').$type<TaskId>(),
    state: taskState('state').notNull(),
    cancelRequested: boolean('cancel_requested').notNull().default(false),
    attempt: integer('attempt').notNull().default(0),
    /** Null when nobody drives the task. */
    leaseHolder: leaseHolder('lease_holder'),
    leaseUntil: time('lease_until'),
    /** Whether the lease includes the workspace. */
    occupies: boolean('occupies').notNull().default(false),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
    finishedAt: time('finished_at'),
  },
  (task) => [
    index('tasks_by_age').on(task.createdAt, task.id),
    index('tasks_unfinished').on(task.machine, task.createdAt).where(sql`finished_at is null`),
    check('tasks_lease_is_whole', sql`(lease_holder is null) = (lease_until is null)`),
    check('tasks_occupy_under_a_lease', sql`lease_holder is not null or not occupies`),
    check('tasks_finished_hold_no_lease', sql`finished_at is null or lease_holder is null`),
  ],
);

export const events = spiral.table(
  'events',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: time('at').notNull().default(sql`clock_timestamp()`),
    body: news('body').notNull(),
    type: text('type').$type<NewsType>().generatedAlwaysAs(sql`body ->> 'type'`),
    taskId: text('task_id').$type<TaskId>().generatedAlwaysAs(sql`body ->> 'taskId'`),
    key: text('key'),
  },
  (event) => [
    index('events_of_task').on(event.taskId, event.id),
    uniqueIndex('events_told_once').on(event.taskId, event.key).where(sql`key is not null`),
    // What a task has used up, without a walk over all that happened in it.
    index('events_of_spending').on(event.taskId, event.type).where(sql`type in ('prompt.spent', 'engine.finished')`),
  ],
);

export const output = spiral.table(
  'output',
  {
    number: bigint('number', { mode: 'number' }).generatedAlwaysAsIdentity(),
    taskId: text('task_id')
      .$type<TaskId>()
      .notNull()
      .references(() => tasks.id),
    key: text('key').notNull(),
    round: integer('round').notNull(),
    kind: text('kind').$type<OutputPiece['kind']>().notNull(),
    title: text('title').notNull(),
    text: text('text').notNull(),
  },
  (piece) => [
    primaryKey({ name: 'output_kept_once', columns: [piece.taskId, piece.key] }),
    index('output_of_task').on(piece.taskId, piece.number),
  ],
);
