import { and, asc, desc, eq, gt, inArray, max, or, type SQL, sql } from 'drizzle-orm';
import type { AgentAnswer } from '../../domain/answers/answer.ts';
import type { News, NewsType, SpiralEvent } from '../../domain/event.ts';
import type { TaskId } from '../../domain/identifiers.ts';
import type { Insight } from '../../domain/insights.ts';
import type { TaskOutcome } from '../../domain/outcome.ts';
import type { KeyedNews, WatchFilter } from '../store.ts';
import { type Database, lockUntilCommit, type Statements } from './database.ts';
import { events, tasks } from './schema.ts';
import { isoTime } from './times.ts';

/** The channel that tells of new events; the payload is the id of their task, or of its project, and empty when they have none. */
export const eventChannel = 'spiral_events';

// A statement has at most 65,535 parameters.
const rowsPerStatement = 5_000;

/**
 * Records news inside a transaction, as its last act. From here to the commit nobody else records any: ids are drawn
 * and become visible in the same order, so a reader that remembers the last id misses nothing.
 */
export async function record(statements: Statements, news: readonly KeyedNews[]): Promise<void> {
  if (news.length === 0) return;
  const rows = news.map(({ news: body, key }) => ({ body, key: key ?? null }));
  await lockUntilCommit(statements, 'events');
  for (let from = 0; from < rows.length; from += rowsPerStatement) {
    await statements
      .insert(events)
      .values(rows.slice(from, from + rowsPerStatement))
      .onConflictDoNothing();
  }
  for (const taskId of new Set(news.map(({ news: body }) => body.taskId))) {
    if (taskId === undefined) {
      // It belongs to no task: all who watch are woken.
      await statements.execute(sql`select pg_notify(${eventChannel}, '')`);
      continue;
    }
    // Whoever watches a project hears of its tasks as well.
    await statements.execute(sql`
      select pg_notify(${eventChannel}, heard.id) from (
        select ${taskId}::text as id union select project from spiral.tasks where id = ${taskId} and project is not null
      ) heard`);
  }
}

/** Events with a higher id than `after`, in order, at most `limit` of them. */
export async function readEvents(database: Database, filter: WatchFilter, limit: number): Promise<SpiralEvent[]> {
  const rows = await database.query((statements) =>
    statements
      .select({ id: events.id, at: isoTime(events.at), body: events.body })
      .from(events)
      .where(and(gt(events.id, filter.after), filter.taskId && ofTask(statements, filter.taskId)))
      .orderBy(asc(events.id))
      .limit(limit),
  );
  return rows.map(({ id, at, body }) => ({ id, at, ...body }));
}

/** Events of a task, and of the tasks of it when it is a project. */
function ofTask(statements: Statements, taskId: TaskId): SQL | undefined {
  const parts = statements.select({ id: tasks.id }).from(tasks).where(eq(tasks.project, taskId));
  return or(eq(events.taskId, taskId), inArray(events.taskId, parts));
}

/** The highest id that is visible; 0 when there is none. */
export async function lastEvent(database: Database): Promise<number> {
  const rows = await database.query((statements) => statements.select({ last: max(events.id) }).from(events));
  return rows[0]?.last ?? 0;
}

/** See `EventStore.newest`. */
export async function newestEvent(database: Database, taskId: TaskId): Promise<SpiralEvent | undefined> {
  const [row] = await database.query((statements) =>
    statements
      .select({ id: events.id, at: isoTime(events.at), body: events.body })
      .from(events)
      .where(eq(events.taskId, taskId))
      .orderBy(desc(events.id))
      .limit(1),
  );
  return row && { id: row.id, at: row.at, ...row.body };
}

/** See `TaskStore.outcome`. */
export async function outcomeOf(database: Database, taskId: TaskId): Promise<TaskOutcome | undefined> {
  const body = await lastOf(database, taskId, 'task.finished');
  return body?.type === 'task.finished' ? body.outcome : undefined;
}

/** See `TaskStore.answer`. */
export async function answerOf(
  database: Database,
  taskId: TaskId,
): Promise<{ answer: AgentAnswer; insights: readonly Insight[] } | undefined> {
  const body = await lastOf(database, taskId, 'task.answered');
  return body?.type === 'task.answered' ? { answer: body.answer, insights: body.insights } : undefined;
}

/** The last news of a type of a task. */
async function lastOf(database: Database, taskId: TaskId, type: NewsType): Promise<News | undefined> {
  const [row] = await database.query((statements) =>
    statements
      .select({ body: events.body })
      .from(events)
      .where(and(eq(events.taskId, taskId), eq(events.type, type)))
      .orderBy(desc(events.id))
      .limit(1),
  );
  return row?.body;
}
