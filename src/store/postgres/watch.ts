import { setTimeout as pause } from 'node:timers/promises';
import type { SpiralEvent } from '../../domain/event.ts';
import { StoreError, type WatchFilter } from '../store.ts';
import type { Bell } from './bell.ts';

const pageSize = 500;
/** A watcher looks for itself this often: a notification can be lost with its connection, or in a connection pooler. */
const safetyNetMs = 3_000;
const firstPauseMs = 100;
const longestPauseMs = 5_000;

type Read = (filter: WatchFilter, limit: number) => Promise<SpiralEvent[]>;

/** See `EventStore.watch`. While the database cannot be reached it waits; any other failure is thrown. */
export async function* watchEvents(
  filter: WatchFilter,
  signal: AbortSignal,
  { read, bell }: { read: Read; bell: Bell },
): AsyncGenerator<SpiralEvent, void, undefined> {
  const ear = bell.hear(filter.taskId);
  let after = filter.after;
  try {
    while (!signal.aborted) {
      ear.silence();
      const page = await unlessAborted(readPatiently(read, { ...filter, after }, signal), signal);
      for (const event of page) {
        if (signal.aborted) return;
        after = event.id;
        yield event;
      }
      if (page.length < pageSize) await ear.rung(safetyNetMs, signal);
    }
  } finally {
    ear.close();
  }
}

async function readPatiently(read: Read, filter: WatchFilter, signal: AbortSignal): Promise<SpiralEvent[]> {
  for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await read(filter, pageSize);
    } catch (error) {
      if (!(error instanceof StoreError && error.problem === 'unreachable')) throw error;
    }
    await unlessAborted(
      pause(pauseMs, [], { signal }).catch(() => []),
      signal,
    );
  }
  return [];
}

/** The events, or none as soon as `signal` aborts; what the promise comes to after that concerns nobody. */
async function unlessAborted(events: Promise<SpiralEvent[]>, signal: AbortSignal): Promise<SpiralEvent[]> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve([]);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    events.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
