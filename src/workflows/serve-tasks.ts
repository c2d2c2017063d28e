import { setMaxListeners } from 'node:events';
import type { AgentRole } from '../domain/agent.ts';
import type { MachineId, TaskId } from '../domain/identifiers.ts';
import { isRehearsed } from '../domain/task.ts';
import { turnOf } from '../domain/turn.ts';
import type { Job, Queue } from '../queue/queue.ts';
import type { Store, TaskSummary } from '../store/store.ts';
import { type Nudge, openNudge } from './nudge.ts';
import { openSeats, type Seat } from './run-task/seats.ts';

const reconcileEveryMs = 5000;
/** Each that waits renews its lease, and keeps next to nothing in memory. */
const mostAside = 50;

/** The lane of the work that only one machine can do: workspace and transcript are there. */
export function laneOf(machine: MachineId): string {
  return `coding-${machine}`;
}

/** The job of a task; the same for everybody, so that adding it twice is harmless. */
export function jobOf(taskId: TaskId): string {
  return `task-${taskId}`;
}

export type ServeNeeds = {
  readonly store: Store;
  readonly queue: Queue;
  readonly machine: MachineId;
  /** How many tasks are driven side by side in this process; those that only wait for the place of a session do not count. */
  readonly sessions: number;
  /** Whether a living process has it already. */
  readonly isDriven: (task: TaskSummary) => boolean;
  readonly now: () => number;
  /** 1 to 10, 10 first. */
  readonly responsePriority: (agent: AgentRole) => number;
  /** Takes a task as far as it goes; must not wait for what somebody else holds. */
  readonly drive: (taskId: TaskId, seat: Seat) => Promise<unknown>;
  /** Told of what went wrong; the work goes on. */
  readonly report: (problem: string) => void;
  /** Rings when a task may have work that had none, for example when a person answered. */
  readonly nudge?: Pick<Nudge, 'wait'>;
  /** Called once, when jobs are listened for. */
  readonly ready: () => void;
};

/**
 * Works on the queued tasks of this machine until the signal aborts. Every few seconds each unfinished task that nobody
 * drives is queued again: the rows decide, so a lost job only costs time.
 */
export async function serveTasks(needs: ServeNeeds, signal: AbortSignal): Promise<void> {
  const { store, queue, machine, sessions, isDriven, report, nudge = openNudge() } = needs;
  const lane = laneOf(machine);
  const seats = openSeats(sessions, mostAside);
  setMaxListeners(0, signal); // Every drive listens to it.
  const aside = new Set<Promise<unknown>>();
  const stopWorking = await queue.work(lane, sessions, async (job) => {
    const seat = await seats.take(signal);
    const driven = driveOf(job, seat, needs).finally(seat.giveUp);
    // Once the drive waits without a seat its job is over: the row says that the task is driven, and the next job begins.
    if ((await Promise.race([driven.then(() => 'over'), seat.left.then(() => 'aside')])) === 'over') return;
    const settled = driven
      .catch((error: unknown) => report(`A task was left as it is: ${reasonOf(error)}`)) // It is queued again below.
      .finally(() => aside.delete(settled));
    aside.add(settled);
  });
  needs.ready();
  try {
    while (!signal.aborted) {
      try {
        const unfinished = await store.tasks.unfinished(machine);
        const ids = new Set(unfinished.map(({ id }) => id));
        for (const task of unfinished) {
          // A task of a project is driven by its project.
          if (task.project !== undefined && ids.has(task.project)) continue;
          if (isDriven(task) || !isForServe(task) || !hasWork(task, needs.now())) continue;
          // A backup that lies delayed would keep a new job of its id away; one that runs is left alone.
          await queue.remove(lane, jobOf(task.id));
          const priority = turnOf(needs.responsePriority(task.agent), needs.now() - task.lastNewsAt.getTime());
          await queue.add(lane, jobOf(task.id), { kind: 'advance-task', taskId: task.id }, { priority });
        }
      } catch (error) {
        // The database or the queue is away; the next round asks again.
        report(`Looking for unfinished tasks failed: ${reasonOf(error)}`);
      }
      await nudge.wait(reconcileEveryMs, signal);
    }
  } finally {
    await stopWorking();
    await Promise.all(aside);
  }
}

/** A queue may outlive its database; a job without a row would be tried again without end. */
async function driveOf(job: Job, seat: Seat, { store, drive }: ServeNeeds): Promise<void> {
  const task = job.kind === 'advance-task' ? await store.tasks.get(taskIdOf(job.taskId)) : undefined;
  if (task && isForServe(task)) await drive(task.id, seat);
}

/**
 * An interrupted demo is nobody's work, for its model is gone, and what a person holds stays as it is. Only their end can
 * still be recorded.
 */
function isForServe(task: TaskSummary): boolean {
  return (!isRehearsed(task) && !task.isHeld) || task.cancelRequested;
}

/** A task that waits for an answer, or for a time that has not come, has nothing to be taken up for. */
function hasWork({ state, cancelRequested }: TaskSummary, now: number): boolean {
  if (state.kind !== 'waiting' || cancelRequested) return true;
  return state.for.kind === 'time' && Date.parse(state.for.until) <= now;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function taskIdOf(value: string): TaskId {
  return value as TaskId; // The job carries what `laneOf`'s own adder put there; the row decides whether it exists.
}
