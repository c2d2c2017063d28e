import * as z from 'zod';
import { type Records, surface } from '../outbox/posts.ts';

const key = 'cursor';

/**
 * How far events were told of: after a restart it goes on there. An event whose messages are still on their way holds it back,
 * so that none is lost with the process; those after it are then told once more, which the outbox knows.
 */
export async function openCursor(records: Records, newest: () => Promise<number>) {
  const saved = z.number().safeParse(await records.recall(surface, key)).data;
  const start = saved ?? (await newest());
  if (saved === undefined) await records.remember(surface, key, start);
  const open = new Set<number>();
  let handled = start;
  let written = start;
  let writing = Promise.resolve();

  function reached(): number {
    return open.size === 0 ? handled : Math.min(...open) - 1;
  }

  return {
    start,
    /** An event is being told; when `told` is over it counts. */
    track(id: number, told: Promise<unknown>): void {
      open.add(id);
      told.then(
        () => open.delete(id),
        () => undefined, // It stays open, and is told after the next start.
      );
    },
    handled(id: number): void {
      handled = id;
    },
    /** Saves how far it came. */
    save(): Promise<void> {
      writing = writing.then(async () => {
        const position = reached();
        if (position <= written) return;
        await records.remember(surface, key, position);
        written = position;
      });
      return writing;
    },
  };
}
