import { type SQL, sql } from 'drizzle-orm';
import type { LeaseHolder } from '../../domain/lease-holder.ts';
import type { Task } from '../../domain/task.ts';
import type { HeldLease, TaskSummary } from '../store.ts';
import { events, tasks } from './schema.ts';
import { dateTime, isoTime } from './times.ts';

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
  repository: tasks.repository,
  night: tasks.night,
  wish: tasks.wish,
  talk: tasks.talk,
  project: tasks.project,
  toolRequest: tasks.toolRequest,
  retires: tasks.retires,
  attachments: tasks.attachments,
  isHeld: tasks.isHeld,
} as const;

/** The columns that a `TaskSummary` is read from; what a task has used is counted from its events. */
export const summaryColumns = {
  ...taskColumns,
  leaseHolder: tasks.leaseHolder,
  leaseExpired: leaseExpired(),
  finishedAt: dateTime(tasks.finishedAt),
  promptsUsed: sql<number>`(
    select count(*)::int from spiral.events
    where events.task_id = tasks.id and events.type in ('prompt.spent', 'engine.finished') and events.type = 'prompt.spent'
  )`,
  costUsd: sql<number>`coalesce(
    (select sum(nano_usd) / 1e9 from spiral.requests where requests.task_id = tasks.id having count(*) > 0),
    (
      select round(sum((events.body ->> 'costUsd')::numeric), 6) from spiral.events
      where events.task_id = tasks.id and events.type in ('prompt.spent', 'engine.finished') and events.type = 'engine.finished'
    ),
    0
  )::float8`,
  lastNewsAt: sql<Date>`coalesce(
    (select ${isoTime(events.at)} from spiral.events where events.task_id = tasks.id order by events.id desc limit 1),
    ${isoTime(tasks.createdAt)}
  )`.mapWith((at: string) => new Date(at)),
} as const;

type TaskRow = Omit<
  Task,
  'continues' | 'repository' | 'night' | 'wish' | 'talk' | 'project' | 'toolRequest' | 'retires' | 'attachments'
> & {
  readonly continues: NonNullable<Task['continues']> | null;
  readonly repository: NonNullable<Task['repository']> | null;
  readonly night: NonNullable<Task['night']> | null;
  readonly wish: NonNullable<Task['wish']> | null;
  readonly talk: NonNullable<Task['talk']> | null;
  readonly project: NonNullable<Task['project']> | null;
  readonly toolRequest: NonNullable<Task['toolRequest']> | null;
  readonly retires: string | null;
  readonly attachments: readonly string[] | null;
};
type SummaryRow = TaskRow &
  Pick<TaskSummary, 'promptsUsed' | 'costUsd' | 'lastNewsAt'> & {
    readonly finishedAt: Date | null;
    readonly leaseHolder: LeaseHolder | null;
    readonly leaseExpired: boolean;
  };

export function taskOf({
  continues,
  repository,
  night,
  wish,
  talk,
  project,
  toolRequest,
  retires,
  attachments,
  ...row
}: TaskRow): Task {
  return {
    ...row,
    ...(continues === null ? {} : { continues }),
    ...(repository === null ? {} : { repository }),
    ...(night === null ? {} : { night }),
    ...(wish === null ? {} : { wish }),
    ...(talk === null ? {} : { talk }),
    ...(project === null ? {} : { project }),
    ...(toolRequest === null ? {} : { toolRequest }),
    ...(retires === null ? {} : { retires }),
    ...(attachments === null ? {} : { attachments }),
  };
}

export function summaryOf({ finishedAt, leaseHolder, leaseExpired: expired, ...row }: SummaryRow): TaskSummary {
  const { promptsUsed, costUsd, lastNewsAt, ...task } = row;
  const lease = heldLease({ taskId: task.id, holder: leaseHolder, attempt: task.attempt, expired });
  return {
    ...taskOf(task),
    promptsUsed,
    costUsd,
    lastNewsAt,
    ...(lease === undefined ? {} : { lease }),
    ...(finishedAt === null ? {} : { finishedAt }),
  };
}

/** Whether the time of a lease is over; false where there is none. */
export function leaseExpired(): SQL<boolean> {
  return sql<boolean>`coalesce(lease_until <= clock_timestamp(), false)`;
}

/** The lease that the columns of a row tell of. */
export function heldLease(
  row: Omit<HeldLease, 'holder'> & { readonly holder: LeaseHolder | null },
): HeldLease | undefined {
  const { taskId, holder, attempt, expired } = row;
  return holder ? { taskId, holder, attempt, expired } : undefined;
}
