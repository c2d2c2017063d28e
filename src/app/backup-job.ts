import type { TaskId } from '../domain/identifiers.ts';
import { jobOf, laneOf } from '../workflows/serve-tasks.ts';
import type { Parts } from './parts.ts';

/** A task that this process drives is queued only after it began: the queue is a backup, and must not delay the start. */
const backupAfterMs = 3000;
/** Within this time a process that lives takes its own task up again; a backup job that comes earlier finds it held. */
const backupDelayMs = 60_000;

/** Keeps a job in the queue while this process drives the task, for a `serve` that finds it dead. */
export function queueBackup(
  taskId: TaskId,
  { queue, machine, report }: Pick<Parts, 'queue' | 'machine' | 'report'>,
): { remove(): Promise<void> } {
  let added: Promise<void> | undefined;
  const told = (error: unknown) =>
    report(`The backup job of task ${taskId}: ${error instanceof Error ? error.message : String(error)}`);
  const timer = setTimeout(() => {
    added = queue()
      .then((open) =>
        open.add(laneOf(machine), jobOf(taskId), { kind: 'advance-task', taskId }, { delayMs: backupDelayMs }),
      )
      .catch(told);
  }, backupAfterMs);
  return {
    async remove() {
      clearTimeout(timer);
      if (!added) return;
      await added;
      await queue()
        .then((open) => open.remove(laneOf(machine), jobOf(taskId)))
        .catch(told);
    },
  };
}
