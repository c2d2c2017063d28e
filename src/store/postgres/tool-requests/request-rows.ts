import { and, count, desc, eq, isNull, like, type SQL, sql } from 'drizzle-orm';
import type { ToolRequestId } from '../../../domain/identifiers.ts';
import type { ToolRequest } from '../../../domain/tool-request.ts';
import type { Database } from '../database.ts';
import { toolRequestCalls, toolRequests } from '../schema/tool-requests.ts';
import { tasks } from '../schema.ts';
import { dateTime } from '../times.ts';

/** The columns that a `ToolRequest` is read from. */
export const requestColumns = {
  id: toolRequests.id,
  name: toolRequests.name,
  description: toolRequests.description,
  urgency: toolRequests.urgency,
  importance: toolRequests.importance,
  requirements: toolRequests.requirements,
  examples: toolRequests.examples,
  requestedBy: toolRequests.requestedBy,
  taskId: toolRequests.taskId,
  isBlocking: toolRequests.isBlocking,
  workTask: toolRequests.workTask,
  similar: toolRequests.similar,
  improves: toolRequests.improves,
  outcome: toolRequests.outcome,
  filedAt: dateTime(toolRequests.filedAt),
} as const;

type RequestRow = Omit<ToolRequest, 'taskId' | 'improves' | 'outcome'> & {
  readonly taskId: NonNullable<ToolRequest['taskId']> | null;
  readonly improves: string | null;
  readonly outcome: NonNullable<ToolRequest['outcome']> | null;
};

export function requestOf({ taskId, improves, outcome, ...row }: RequestRow): ToolRequest {
  return {
    ...row,
    ...(taskId === null ? {} : { taskId }),
    ...(improves === null ? {} : { improves }),
    ...(outcome === null ? {} : { outcome }),
  };
}

/** Latest first. */
export async function requestsWhere(database: Database, where: SQL | undefined, limit: number): Promise<ToolRequest[]> {
  const rows = await database.query((statements) =>
    statements
      .select(requestColumns)
      .from(toolRequests)
      .where(where)
      .orderBy(desc(toolRequests.filedAt), desc(toolRequests.id))
      .limit(limit),
  );
  return rows.map(requestOf);
}

/** See `ToolRequestStore.ofCall`. */
export async function requestOfCall(
  database: Database,
  taskId: string,
  callId: string,
): Promise<ToolRequest | undefined> {
  const [row] = await database.query((statements) =>
    statements
      .select(requestColumns)
      .from(toolRequests)
      .innerJoin(toolRequestCalls, eq(toolRequestCalls.requestId, toolRequests.id))
      .where(and(eq(toolRequestCalls.taskId, taskId), eq(toolRequestCalls.callId, callId))),
  );
  return row && requestOf(row);
}

/** Tasks that sleep until a request is closed. */
export function sleepsFor(id: ToolRequestId): SQL | undefined {
  return and(
    isNull(tasks.finishedAt),
    sql`${tasks.state} -> 'for' ->> 'kind' = 'tool' and ${tasks.state} -> 'for' ->> 'requestId' = ${id}`,
  );
}

/** See `ToolRequestStore.demandFor`. */
export async function demandFor(database: Database, { id, name }: Pick<ToolRequest, 'id' | 'name'>) {
  const [filed, sleeping] = await Promise.all([
    database.query((statements) =>
      statements
        .select({ calls: count() })
        .from(toolRequests)
        .where(
          sql`${toolRequests.id} <> ${id} and (${toolRequests.name} = ${name} or ${toolRequests.improves} = ${name})`,
        ),
    ),
    database.query((statements) => statements.select({ tasks: count() }).from(tasks).where(sleepsFor(id))),
  ]);
  return { filed: filed[0]?.calls ?? 0, sleeping: sleeping[0]?.tasks ?? 0 };
}

export function beginsWith(idPrefix: string): SQL {
  return like(toolRequests.id, `${idPrefix.replaceAll(/[^0-9a-z]/g, '')}%`);
}
