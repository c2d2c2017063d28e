import type { TaskReport } from '../../spiral/reports.ts';
import type { Spiral } from '../../spiral.ts';
import { findTask } from './find-task.ts';
import { stateOf, watchTask } from './watch-task.ts';

/** Drives a task that was left, and shows what comes after a position. */
export async function goOn(
  spiral: Spiral,
  task: TaskReport,
  { json, after }: { readonly json: boolean; readonly after: number },
): Promise<number> {
  // A task of a project goes on with its project.
  const whole = task.project === undefined ? task : await findTask(spiral, task.project);
  return watchTask(spiral, whole.id, { json, after, state: stateOf(whole) });
}
