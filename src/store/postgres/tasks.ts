import { and, asc, desc, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { TaskId } from '../../domain/identifiers.ts';
import type { Task, TaskState } from '../../domain/task.ts';
import { LeaseLost, type OutputPiece, type TaskStore, type TaskSummary, type Writer } from '../store.ts';
import type { Database, Statements } from './database.ts';
import { outcomeOf, record } from './events.ts';
import { free, lease, occupy, release, renew } from './leases.ts';
import { output, tasks } from './schema.ts';
import { storableText } from './storable.ts';
import { summaryColumns, summaryOf, taskColumns, taskOf } from './task-rows.ts';

const mostFound = 10;
// A statement has at most 65,535 parameters.
const rowsPerStatement = 5_000;

export function tasksIn(database: Database): TaskStore {
  const summaries = async (where: SQL | undefined, order: SQL[], limit?: number): Promise<TaskSummary[]> => {
    const rows = await database.query((statements) => {
      const query = statements
        .select(summaryColumns)
        .from(tasks)
        .where(where)
        .orderBy(...order)
        .$dynamic();
      return limit === undefined ? query : query.limit(limit);
    });
    return rows.map(summaryOf);
  };
  const newestFirst = [desc(tasks.createdAt), desc(tasks.id)];
  const oldestFirst = [asc(tasks.createdAt), asc(tasks.id)];

  return {
    async create(task, accepted) {
      return database.transaction(async (statements) => {
        const [row] = await statements
          .insert(tasks)
          .values({ ...task, state: { kind: 'accepted' } })
          .returning(taskColumns);
        await record(statements, [{ news: accepted }]);
        return taskOf(returned(row));
      });
    },
    async get(id) {
      const [task] = await summaries(eq(tasks.id, id), []);
      return task;
    },
    async find(idPrefix) {
      return summaries(sql`starts_with(${tasks.id}, ${storableText(idPrefix)})`, newestFirst, mostFound);
    },
    async list(limit) {
      return summaries(undefined, newestFirst, limit);
    },
    async unfinished(machine) {
      return summaries(and(eq(tasks.machine, machine), isNull(tasks.finishedAt)), oldestFirst);
    },
    lease: (id, holder, seconds) => lease(database, id, holder, seconds),
    occupy: (writer) => occupy(database, writer),
    release: (writer) => release(database, writer),
    renew: (writer, seconds) => renew(database, writer, seconds),
    async advance(writer, state, news) {
      return database.transaction(async (statements) => {
        const task = await saveState(statements, writer, state);
        await record(statements, news);
        return task;
      });
    },
    async append(writer, news, pieces = []) {
      await database.transaction(async (statements) => {
        await holdRow(statements, writer);
        await keep(statements, writer.taskId, pieces);
        await record(statements, news);
      });
    },
    outcome: (id) => outcomeOf(database, id),
    async output(id) {
      return database.query((statements) =>
        statements
          .select({ round: output.round, key: output.key, kind: output.kind, title: output.title, text: output.text })
          .from(output)
          .where(eq(output.taskId, id))
          .orderBy(asc(output.number)),
      );
    },
    async requestCancel(id) {
      const rows = await database.query((statements) =>
        statements
          .update(tasks)
          .set({ cancelRequested: true })
          .where(and(eq(tasks.id, id), isNull(tasks.finishedAt)))
          .returning({ id: tasks.id }),
      );
      return rows.length > 0;
    },
  };
}

/** A finished task stays finished; saved as finished a second time, it keeps its first time. */
async function saveState(statements: Statements, writer: Writer, state: TaskState): Promise<Task> {
  const ending = state.kind === 'finished';
  const [row] = await statements
    .update(tasks)
    .set(ending ? { ...free, state, finishedAt: sql`coalesce(finished_at, clock_timestamp())` } : { state })
    .where(and(mine(writer), ending ? undefined : isNull(tasks.finishedAt)))
    .returning(taskColumns);
  if (!row) throw new LeaseLost(writer.taskId);
  return taskOf(row);
}

/** Keeps others from taking the task over until the transaction ends. */
async function holdRow(statements: Statements, writer: Writer): Promise<void> {
  const rows = await statements.select({ id: tasks.id }).from(tasks).where(mine(writer)).for('share');
  if (rows.length === 0) throw new LeaseLost(writer.taskId);
}

function mine({ taskId, attempt }: Writer): SQL | undefined {
  return and(eq(tasks.id, taskId), eq(tasks.attempt, attempt));
}

async function keep(statements: Statements, taskId: TaskId, pieces: readonly OutputPiece[]): Promise<void> {
  for (let from = 0; from < pieces.length; from += rowsPerStatement) {
    const rows = pieces.slice(from, from + rowsPerStatement).map((piece) => ({ ...piece, taskId }));
    await statements.insert(output).values(rows).onConflictDoNothing();
  }
}

function returned<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Error('the server returned no row for what it saved');
  return row;
}
