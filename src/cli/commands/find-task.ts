import type { Spiral, TaskReport } from '../../spiral.ts';
import { UsageError } from '../usage-error.ts';

/** The one task whose id begins so. */
export async function findTask(spiral: Spiral, idPrefix: string): Promise<TaskReport> {
  const found = await spiral.findTasks(idPrefix.trim());
  const [task, another] = found;
  if (!task) throw new UsageError(`There is no task ${idPrefix}.`, 'List them with: spiral tasks');
  if (another) {
    throw new UsageError(
      `Several tasks begin with ${idPrefix}.`,
      `Type more of the id: ${found.map(({ id }) => id).join(', ')}`,
    );
  }
  return task;
}
