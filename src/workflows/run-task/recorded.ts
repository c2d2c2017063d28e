import type { SpiralEvent } from '../../domain/event.ts';
import type { TaskId } from '../../domain/identifiers.ts';
import type { Store } from '../../store/store.ts';

const page = 1000;

/** Everything that was recorded of a task itself so far, in order: of a project without the tasks of it. */
export async function eventsOf(store: Store, taskId: TaskId): Promise<SpiralEvent[]> {
  const events: SpiralEvent[] = [];
  for (;;) {
    const next = await store.events.read({ after: events.at(-1)?.id ?? 0, taskId }, page);
    events.push(...next);
    if (next.length < page) return events.filter((event) => event.taskId === taskId);
  }
}
