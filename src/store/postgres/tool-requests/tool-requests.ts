import { and, eq, isNull, sql } from 'drizzle-orm';
import * as z from 'zod';
import type { News } from '../../../domain/event.ts';
import type { ToolRequestId } from '../../../domain/identifiers.ts';
import { sentenceOfOutcome, type ToolRequestOutcome } from '../../../domain/tool-request.ts';
import type { ToolRequestStore } from '../../tool-requests.ts';
import { type Database, lockUntilCommit, type Statements } from '../database.ts';
import { record } from '../events.ts';
import { toolRequests } from '../schema/tool-requests.ts';
import { tasks } from '../schema.ts';
import { awoken, fileRequest } from './file-request.ts';
import {
  beginsWith,
  demandFor,
  requestColumns,
  requestOf,
  requestOfCall,
  requestsWhere,
  sleepsFor,
} from './request-rows.ts';

const mostFound = 10;

export function toolRequestsIn(database: Database): ToolRequestStore {
  return {
    file: (wanted, accepted, sleeper) =>
      database.transaction((statements) => fileRequest(statements, wanted, accepted, sleeper)),
    async get(id) {
      const [request] = await requestsWhere(database, eq(toolRequests.id, id), 1);
      return request;
    },
    find: (idPrefix) => requestsWhere(database, beginsWith(idPrefix), mostFound),
    ofCall: (taskId, callId) => requestOfCall(database, taskId, callId),
    list: (limit) => requestsWhere(database, undefined, limit),
    demandFor: (request) => demandFor(database, request),
    async lastImprovement(tool) {
      const [request] = await requestsWhere(database, eq(toolRequests.improves, tool), 1);
      return request?.filedAt;
    },
    async openOf(taskId) {
      const open = await requestsWhere(
        database,
        and(sql`${toolRequests.taskId} = ${taskId}`, isNull(toolRequests.closedAt)),
        1_000,
      );
      return open.length;
    },
    pastBuilds: () => pastBuilds(database),
    close: (id, outcome) => database.transaction((statements) => close(statements, id, outcome)),
  };
}

/** See `ToolRequestStore.close`. */
async function close(statements: Statements, id: ToolRequestId, outcome: ToolRequestOutcome): Promise<boolean> {
  await lockUntilCommit(statements, 'toolRequests');
  const [row] = await statements
    .update(toolRequests)
    .set({ outcome, closedAt: sql`clock_timestamp()` })
    .where(and(eq(toolRequests.id, id), isNull(toolRequests.closedAt)))
    .returning(requestColumns);
  if (!row) return false;
  const request = requestOf(row);
  const reason = sentenceOfOutcome(request.name, outcome);
  const sleeping = await statements
    .select({ id: tasks.id, state: tasks.state })
    .from(tasks)
    .where(sleepsFor(id))
    .orderBy(tasks.id)
    .for('update');
  const news: News[] = [
    { type: 'tool-request.closed', taskId: request.workTask, requestId: id, name: request.name, outcome },
  ];
  for (const { id: taskId, state } of sleeping) {
    if (state.kind !== 'waiting') continue;
    await statements
      .update(tasks)
      .set({ state: awoken(state.resume, request) })
      .where(eq(tasks.id, taskId));
    news.push({ type: 'task.resumed', taskId, reason });
  }
  await record(
    statements,
    news.map((item) => ({ news: item })),
  );
  return true;
}

const sumsSchema = z.object({ count: z.number(), prompts: z.number(), usd: z.number() });

/** See `ToolRequestStore.pastBuilds`. What was spent is found by the tasks as long as they are kept. */
async function pastBuilds(database: Database) {
  const { rows } = await database.query((statements) =>
    statements.execute(sql`
      select count(distinct r.id)::int as count,
        coalesce(sum((select count(*) from spiral.events e where e.task_id = t.id and e.type = 'prompt.spent')), 0)::int as prompts,
        coalesce(sum((select sum(q.nano_usd) from spiral.requests q where q.task_id = t.id)), 0)::float8 / 1e9 as usd
      from spiral.tool_requests r join spiral.tasks t on t.tool_request = r.id
      where r.outcome ->> 'kind' = 'built'
    `),
  );
  return sumsSchema.parse(rows[0]);
}
