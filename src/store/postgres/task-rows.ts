import { sql } from 'drizzle-orm';
import type { Task } from '../../domain/task.ts';
import type { TaskSummary } from '../store.ts';
import { tasks } from './schema.ts';
import { dateTime } from './times.ts';

/** The columns that a `Task` is read from. */
export const taskColumns = {
  id: tasks.id,
  text: tasks.text,
  agent: tasks.agent,
  origin: tasks.origin,
  workspace: tasks.workspace,
  machine: tasks.machine,
  model: tasks.model,
  sessionId: tasks.sessionId,
  promptLimit: tasks.promptLimit,
  roundTimeoutSeconds: tasks.roundTimeoutSeconds,
  continues: tasks.continues,
  state: tasks.state,
  cancelRequested: tasks.cancelRequested,
  attempt: tasks.attempt,
  createdAt: dateTime(tasks.createdAt),
} as const;

/** The columns that a `TaskSummary` is read from; what a task has used is counted from its events. */
export const summaryColumns = {
  ...taskColumns,
  driven: sql<boolean>`coalesce(lease_until > clock_timestamp(), false)`,
  finishedAt: dateTime(tasks.finishedAt),
  promptsUsed: sql<number>`(
    select count(*)::int from spiral.events
    where events.task_id = tasks.id and events.type in ('prompt.spent', 'engine.finished') and events.type = 'prompt.spent'
  )`,
  costUsd: sql<number>`(
    select coalesce(round(sum((events.body ->> 'costUsd')::numeric), 6), 0)::float8 from spiral.events
    where events.task_id = tasks.id and events.type in ('prompt.spent', 'engine.finished') and events.type = 'engine.finished'
  )`,
} as const;

type TaskRow = Omit<Task, 'continues'> & { readonly continues: Task['id'] | null };
type SummaryRow = TaskRow &
  Pick<TaskSummary, 'driven' | 'promptsUsed' | 'costUsd'> & { readonly finishedAt: Date | null };

export function taskOf({ continues, ...row }: TaskRow): Task {
  return { ...row, ...(continues === null ? {} : { continues }) };
}

export function summaryOf({ finishedAt, ...row }: SummaryRow): TaskSummary {
  const { driven, promptsUsed, costUsd, ...task } = row;
  return { ...taskOf(task), driven, promptsUsed, costUsd, ...(finishedAt === null ? {} : { finishedAt }) };
}
