import { sql } from 'drizzle-orm';
import { boolean, index, integer, primaryKey, uniqueIndex } from 'drizzle-orm/pg-core';
import * as z from 'zod';
import type { AgentRole } from '../../../domain/agent.ts';
import type { TaskId, ToolRequestId } from '../../../domain/identifiers.ts';
import { toolExample } from '../../../domain/tool.ts';
import { toolRequestOutcome } from '../../../domain/tool-request.ts';
import { checkedJson, text, time } from '../columns.ts';
import { spiral } from '../schema.ts';

const examples = checkedJson(z.array(toolExample));
const outcome = checkedJson(toolRequestOutcome);

/** Tasks are forgotten after a while, and what was asked for is not: no row here refers to them. */
export const toolRequests = spiral.table(
  'tool_requests',
  {
    id: text('id').$type<ToolRequestId>().primaryKey(),
    name: text('name').notNull(),
    description: text('description').notNull(),
    urgency: integer('urgency').notNull(),
    importance: integer('importance').notNull(),
    requirements: text('requirements').array().$type<string[]>().notNull(),
    examples: examples('examples').notNull(),
    requestedBy: text('requested_by').$type<AgentRole | 'human'>().notNull(),
    taskId: text('task_id').$type<TaskId>(),
    isBlocking: boolean('is_blocking').notNull(),
    workTask: text('work_task').$type<TaskId>().notNull(),
    similar: text('similar').array().$type<string[]>().notNull(),
    improves: text('improves'),
    outcome: outcome('outcome'),
    filedAt: time('filed_at').notNull().default(sql`clock_timestamp()`),
    closedAt: time('closed_at'),
  },
  (request) => [
    uniqueIndex('tool_requests_open').on(request.name).where(sql`closed_at is null`),
    index('tool_requests_by_name').on(request.name),
    index('tool_requests_by_time').on(request.filedAt, request.id),
  ],
);

/** The calls by which requests were filed: made again, a call finds what it filed. */
export const toolRequestCalls = spiral.table(
  'tool_request_calls',
  {
    taskId: text('task_id').notNull(),
    callId: text('call_id').notNull(),
    requestId: text('request_id')
      .$type<ToolRequestId>()
      .notNull()
      .references(() => toolRequests.id),
  },
  (call) => [primaryKey({ name: 'tool_request_calls_once', columns: [call.taskId, call.callId] })],
);
