import { setTimeout as after } from 'node:timers/promises';
import type { AgentRole } from '../domain/agent.ts';
import type { MachineId, TaskId } from '../domain/identifiers.ts';
import { isRehearsed } from '../domain/task.ts';
import { turnOf } from '../domain/turn.ts';
import type { Queue } from '../queue/queue.ts';
import type { Store, TaskSummary } from '../store/store.ts';

const reconcileEveryMs = 5000;

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
  /** How many coding sessions may run side by side in this process. */
  readonly sessions: number;
  /** Whether a living process has it already. */
  readonly isDriven: (task: TaskSummary) => boolean;
  readonly now: () => number;
  /** 1 to 10, 10 first. */
  readonly responsePriority: (agent: AgentRole) => number;
  /** Takes a task as far as it goes; must not wait for what somebody else holds. */
  readonly drive: (taskId: TaskId, signal: AbortSignal) => Promise<unknown>;
  /** Told of what went wrong; the work goes on. */
  readonly report: (problem: string) => void;
  /** Called once, when jobs are listened for. */
  readonly ready: () => void;
};

/**
 * Works on the queued tasks of this machine until the signal aborts. Every few seconds each unfinished task that nobody
 * drives is queued again: the rows decide, so a lost job only costs time.
 */
export async function serveTasks(needs: ServeNeeds, signal: AbortSignal): Promise<void> {
  const { store, queue, machine, sessions, isDriven, drive, report } = needs;
  const lane = laneOf(machine);
  const stopWorking = await queue.work(lane, sessions, async (job) => {
    // A queue may outlive its database; a job without a row would be tried again without end.
    const task = job.kind === 'advance-task' ? await store.tasks.get(taskIdOf(job.taskId)) : undefined;
    if (task && isForServe(task)) await drive(task.id, signal);
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
        report(`Looking for unfinished tasks failed: ${error instanceof Error ? error.message : String(error)}`);
      }
      await after(reconcileEveryMs, undefined, { signal }).catch(() => undefined); // Ended early by the signal.
    }
  } finally {
    await stopWorking();
  }
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

function taskIdOf(value: string): TaskId {
  return value as TaskId; // The job carries what `laneOf`'s own adder put there; the row decides whether it exists.
}
