import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { TaskId } from '../../domain/identifiers.ts';
import type { TaskState } from '../../domain/task-state.ts';
import type { Statements } from './database.ts';
import { record } from './events.ts';
import { tasks } from './schema.ts';

/** In these no prompt was spent: the round, or the answer, that spends the first one reads the row. */
const before: readonly TaskState['kind'][] = ['accepted', 'analysed'];

/** See `TaskStore.reword`. Whoever locks the row first is first: a prompt is spent under the same lock. */
export async function reword(statements: Statements, id: TaskId, text: string): Promise<boolean> {
  const rows = await statements
    .update(tasks)
    .set({ text })
    .where(
      and(
        eq(tasks.id, id),
        isNull(tasks.finishedAt),
        eq(tasks.cancelRequested, false),
        inArray(sql`state ->> 'kind'`, [...before]),
        // Agents talk while their task is still `accepted`, and the others are not in a person's words.
        isNull(tasks.talk),
        isNull(tasks.project),
        isNull(tasks.toolRequest),
        isNull(tasks.retires),
      ),
    )
    .returning({ text: tasks.text });
  const [row] = rows;
  if (!row) return false;
  await record(statements, [{ news: { type: 'task.reworded', taskId: id, text: row.text } }]);
  return true;
}
