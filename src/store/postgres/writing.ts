import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { Task, TaskState } from '../../domain/task.ts';
import { LeaseLost, type Writer } from '../store.ts';
import type { Statements } from './database.ts';
import { free } from './leases.ts';
import { tasks } from './schema.ts';
import { taskColumns, taskOf } from './task-rows.ts';

/** A finished task stays finished; saved as finished a second time, it keeps its first time. */
export async function saveState(statements: Statements, writer: Writer, state: TaskState): Promise<Task> {
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
export async function holdRow(statements: Statements, writer: Writer): Promise<void> {
  const rows = await statements.select({ id: tasks.id }).from(tasks).where(mine(writer)).for('share');
  if (rows.length === 0) throw new LeaseLost(writer.taskId);
}

/** As `holdRow`, for whoever goes on to write to the row of an unfinished task. */
export async function holdTask(statements: Statements, writer: Writer): Promise<Task> {
  const [row] = await statements
    .select(taskColumns)
    .from(tasks)
    .where(and(mine(writer), isNull(tasks.finishedAt)))
    .for('update');
  if (!row) throw new LeaseLost(writer.taskId);
  return taskOf(row);
}

function mine({ taskId, attempt }: Writer): SQL | undefined {
  return and(eq(tasks.id, taskId), eq(tasks.attempt, attempt));
}
