import type { TaskReport } from '../../spiral/reports.ts';
import type { Spiral } from '../../spiral.ts';
import { UsageError } from '../usage-error.ts';

/** The one task whose id begins so. */
export async function findTask(spiral: Spiral, idPrefix: string): Promise<TaskReport> {
  const beginning = beginningOfId(idPrefix);
  const found = await spiral.findTasks(beginning);
  const [task, another] = found;
  if (!task) throw new UsageError(`There is no task ${beginning}.`, 'List them with: spiral tasks');
  if (another) {
    throw new UsageError(
      `Several tasks begin with ${beginning}.`,
      `Type more of the id: ${found.map(({ id }) => id).join(', ')}`,
    );
  }
  return task;
}

/** What a person typed for an id. Nothing at all would stand for everything. */
export function beginningOfId(typed: string): string {
  const beginning = typed.trim();
  if (beginning === '') throw new UsageError('The id is empty.', 'List the tasks with: spiral tasks');
  return beginning;
}
