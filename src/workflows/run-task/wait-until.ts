import { setTimeout as after } from 'node:timers/promises';
import type { Task, TaskStep } from '../../domain/task.ts';
import type { RunTaskNeeds, StepContext } from './needs.ts';

type Waiting = TaskStep & { readonly kind: 'wait' };

/** Clocks jump, and laptops sleep: the time is looked at this often. */
const lookEveryMs = 1000;

/**
 * Lets a task go on when its time has come, and meanwhile waits for it when that is wished.
 *
 * @returns the task as it goes on; `waiting` when it stays as it is; `interrupted` when the signal aborted
 */
export async function waitUntil(
  { for: wait, resume }: Waiting,
  { id: taskId }: Task,
  { store, now }: RunTaskNeeds,
  whenBusy: 'wait' | 'leave',
  { writer, signal }: Pick<StepContext, 'writer' | 'signal'>,
): Promise<Task | 'waiting' | 'interrupted'> {
  // A human is not waited for, for an answer or for a tool: it may take weeks.
  if (wait.kind !== 'time') return 'waiting';
  while (now() < Date.parse(wait.until)) {
    if (whenBusy === 'leave') return 'waiting';
    await after(lookEveryMs, undefined, { signal }).catch(() => undefined); // Ended early by the signal.
    if (signal.aborted) return 'interrupted';
  }
  const news = { type: 'task.resumed', taskId, reason: 'the pause is over' } as const;
  return store.tasks.advance(writer, resume, [{ news }]);
}
