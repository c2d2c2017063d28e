import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  pgSchema,
  primaryKey,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { AgentRole } from '../../domain/agent.ts';
import type { BudgetScope } from '../../domain/budget.ts';
import type { News, NewsType, Origin } from '../../domain/event.ts';
import type { MachineId, SessionId, TaskId, ToolRequestId } from '../../domain/identifiers.ts';
import { taskStateSchema } from '../../domain/task-state.ts';
import type { TestsBefore } from '../../domain/test-comparison.ts';
import type { OutputPiece } from '../store.ts';
import { checkedJson, text, time, toldJson } from './columns.ts';
import {
  attachmentsSchema,
  leaseHolderSchema,
  nightSchema,
  priceSchema,
  repositorySchema,
  talkSchema,
  testsBeforeSchema,
  usageSchema,
  wishSchema,
} from './stored.ts';

const taskState = checkedJson(taskStateSchema);
const leaseHolder = checkedJson(leaseHolderSchema);
const repository = checkedJson(repositorySchema);
const night = checkedJson(nightSchema);
const wish = checkedJson(wishSchema);
const talk = checkedJson(talkSchema);
const attachments = checkedJson(attachmentsSchema);
const price = checkedJson(priceSchema);
const usage = checkedJson(usageSchema);
const testsBefore = checkedJson(testsBeforeSchema);
const news = toldJson<News>();

/** Whole tokens, prompts or nano-USD. */
const amount = (name: string) => bigint(name, { mode: 'number' });
const sum = (name: string) => amount(name).notNull().default(0);

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
    repository: repository('repository'),
    night: night('night'),
    wish: wish('wish'),
    talk: talk('talk'),
    /** Of a developer's task in a project: the task that the project is. */
    project: text('project').$type<TaskId>(),
    /** Of work on a tool: the request that it is for. */
    toolRequest: text('tool_request').$type<ToolRequestId>(),
    /** A tool that nobody uses, about which a person is asked. */
    retires: text('retires'),
    /** Names of files that came with it. */
    attachments: attachments('attachments'),
    /** Of what a person said once: asked for again, it is the same task. */
    requestKey: text('request_key'),
    /** A person holds it: nobody drives it. */
    isHeld: boolean('is_held').notNull().default(false),
    /** When the worktree was given back: its work was merged or discarded. */
    releasedAt: time('released_at'),
  },
  (task) => [
    index('tasks_by_age').on(task.createdAt, task.id),
    uniqueIndex('tasks_once_for_a_request').on(task.requestKey).where(sql`request_key is not null`),
    index('tasks_of_project').on(task.project).where(sql`project is not null`),
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
    index('events_of_tool_use').on(sql`(body ->> 'name')`, event.id).where(sql`type = 'tool.used'`),
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

/** One row for each scope, made when it is first used. What may be used in all is what is configured and what was granted. */
export const budgets = spiral.table('budgets', {
  scope: text('scope').$type<BudgetScope>().primaryKey(),
  grantedPrompts: sum('granted_prompts'),
  grantedTokens: sum('granted_tokens'),
  grantedNanoUsd: sum('granted_nano_usd'),
  spentPrompts: sum('spent_prompts'),
  spentTokens: sum('spent_tokens'),
  spentNanoUsd: sum('spent_nano_usd'),
  reservedTokens: sum('reserved_tokens'),
  reservedNanoUsd: sum('reserved_nano_usd'),
});

/** The ledger: every request to a model. Its rows outlive their tasks, so that what was spent stays true. */
export const requests = spiral.table(
  'requests',
  {
    id: uuid('id').primaryKey(),
    taskId: text('task_id').$type<TaskId>().notNull(),
    agent: text('agent').$type<AgentRole>().notNull(),
    model: text('model').notNull(),
    holder: leaseHolder('holder').notNull(),
    price: price('price').notNull(),
    /** Where it is held, and later booked. */
    scopes: text('scopes').$type<BudgetScope>().array().notNull(),
    reservedInputTokens: amount('reserved_input_tokens').notNull(),
    reservedOutputTokens: amount('reserved_output_tokens').notNull(),
    reservedNanoUsd: amount('reserved_nano_usd').notNull(),
    seen: usage('seen'),
    used: usage('used'),
    nanoUsd: amount('nano_usd'),
    estimated: boolean('estimated'),
    status: integer('status'),
    firstByteMs: doublePrecision('first_byte_ms'),
    durationMs: doublePrecision('duration_ms'),
    startedAt: time('started_at').notNull().default(sql`clock_timestamp()`),
    /** Null while it is held. */
    settledAt: time('settled_at'),
  },
  (request) => [
    index('requests_of_task').on(request.taskId),
    index('requests_open').on(request.startedAt).where(sql`settled_at is null`),
    check('requests_settled_whole', sql`settled_at is null or (used is not null and nano_usd is not null)`),
  ],
);

/** What is known of each model API, by its address. */
export const upstreams = spiral.table('upstreams', {
  upstream: text('upstream').primaryKey(),
  pausedUntil: time('paused_until'),
  failures: integer('failures').notNull().default(0),
  probeHolder: text('probe_holder'),
  probeUntil: time('probe_until'),
});

export const testRounds = spiral.table(
  'test_rounds',
  {
    taskId: text('task_id')
      .$type<TaskId>()
      .notNull()
      .references(() => tasks.id),
    /** 0 is the baseline. */
    round: integer('round').notNull(),
    results: testsBefore('results').$type<TestsBefore>().notNull(),
  },
  (kept) => [primaryKey({ name: 'test_rounds_kept_once', columns: [kept.taskId, kept.round] })],
);
