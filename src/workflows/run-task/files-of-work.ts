import { foldChanges } from '../../domain/file-change.ts';
import type { TaskId } from '../../domain/identifiers.ts';
import type { Store } from '../../store/store.ts';
import { eventsOf } from './recorded.ts';

/** What is there of the files that a project's tasks made or changed, in the order in which they worked. */
export async function filesOfWork(id: TaskId, store: Store): Promise<string[]> {
  const tasks = await store.tasks.ofProject(id);
  const told = await Promise.all(tasks.map((task) => eventsOf(store, task.id)));
  const changes = foldChanges(told.flat().filter((event) => event.type === 'file.changed'));
  return changes.filter(({ change }) => change !== 'deleted').map(({ path }) => path);
}

/** The last round of a task that was worked on; undefined when there was none. */
export async function lastRoundOf(id: TaskId, store: Store): Promise<number | undefined> {
  const last = (await eventsOf(store, id)).findLast((event) => event.type === 'engine.finished');
  return last?.type === 'engine.finished' ? last.round : undefined;
}
