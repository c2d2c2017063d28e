import { and, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import type { Task } from '../../domain/task.ts';
import type { TaskState } from '../../domain/task-state.ts';
import { LeaseLost, type Writer } from '../store.ts';
import { closeAllOf } from './conversations/closing.ts';
import type { Statements } from './database.ts';
import { record } from './events.ts';
import { free } from './leases.ts';
import { questions } from './schema/questions.ts';
import { tasks } from './schema.ts';
import { taskColumns, taskOf } from './task-rows.ts';

/**
 * A finished task stays finished; saved as finished a second time, it keeps its first time. What waits for an answer that was
 * given by then goes on at once: nobody would wake it.
 */
export async function saveState(statements: Statements, writer: Writer, state: TaskState): Promise<Task> {
  const task = await save(statements, writer, state);
  if (state.kind !== 'waiting' || state.for.kind !== 'answer') return task;
  // Asked only now that nobody else can touch the task: an answer that comes later finds it waiting.
  const [answered] = await statements
    .select({ id: questions.id })
    .from(questions)
    .where(and(eq(questions.id, state.for.questionId), isNotNull(questions.answeredAt)));
  return answered ? save(statements, writer, state.resume) : task;
}

async function save(statements: Statements, writer: Writer, state: TaskState): Promise<Task> {
  const ending = state.kind === 'finished';
  const [row] = await statements
    .update(tasks)
    .set(ending ? { ...free, state, finishedAt: sql`coalesce(finished_at, clock_timestamp())` } : { state })
    .where(and(mine(writer), ending ? undefined : isNull(tasks.finishedAt)))
    .returning(taskColumns);
  if (!row) throw new LeaseLost(writer.taskId);
  if (ending) await recordClosed(statements, writer);
  return taskOf(row);
}

/** The end of a task is the end of its conversations; theirs is told first. */
async function recordClosed(statements: Statements, { taskId }: Writer): Promise<void> {
  const closed = await closeAllOf(statements, taskId);
  await record(
    statements,
    closed.map((news) => ({ news })),
  );
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
