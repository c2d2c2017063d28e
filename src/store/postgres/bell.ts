import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { eventChannel } from './events.ts';

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/** One ear of a watcher. What rings between `silence` and `rung` is not lost: `rung` then resolves at once. */
type Ear = {
  /** Forgets what rang so far. Call it before looking for news, not after. */
  silence(): void;
  /** Resolves when it rings, after `longestMs`, or when `signal` aborts. */
  rung(longestMs: number, signal: AbortSignal): Promise<void>;
  close(): void;
};

/** Tells watchers that there may be news; it can ring in vain, it never stays silent for ever (see `Ear.rung`). */
export type Bell = {
  /** @param about only the task of this id; everything when absent */
  hear(about?: string): Ear;
  close(): Promise<void>;
};

/**
 * One connection of its own that listens for all watchers, opened with the first of them and again whenever it is lost.
 *
 * @param newClient makes a client that is not connected yet
 */
export function openBell(newClient: () => Client): Bell {
  const ears = new Map<() => void, string | undefined>();
  const closing = new AbortController();
  let listening: Promise<void> | undefined;
  const ring = (about?: string) => {
    for (const [wake, only] of ears) {
      if (about === undefined || only === undefined || only === about) wake();
    }
  };

  return {
    hear(about) {
      listening ??= listen(newClient, ring, closing.signal);
      const ear = earOf(() => ears.delete(ear.wake));
      ears.set(ear.wake, about);
      return ear;
    },
    async close() {
      closing.abort();
      ring();
      await listening;
    },
  };
}

function earOf(close: () => void): Ear & { readonly wake: () => void } {
  let rang = false;
  let waiting: (() => void) | undefined;
  return {
    wake() {
      rang = true;
      waiting?.();
    },
    silence() {
      rang = false;
    },
    async rung(longestMs, signal) {
      if (rang || signal.aborted) return;
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          waiting = undefined;
          resolve();
        };
        const timer = setTimeout(done, longestMs);
        waiting = done;
        signal.addEventListener('abort', done, { once: true });
      });
    },
    close,
  };
}

async function listen(newClient: () => Client, ring: (about?: string) => void, closed: AbortSignal): Promise<void> {
  let pauseMs = firstPauseMs;
  while (!closed.aborted) {
    const client = newClient();
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    // An error is always followed by the end, and that is waited for.
    client.on('error', ignore);
    client.on('notification', ({ payload }) => ring(payload === '' ? undefined : payload));
    const hangUp = () => void client.end().catch(ignore);
    closed.addEventListener('abort', hangUp, { once: true });
    try {
      // A client that is ended while it connects never settles its promise.
      await Promise.race([client.connect(), ended]);
      await client.query(`listen ${eventChannel}`);
      pauseMs = firstPauseMs;
      // Whatever was told while nobody listened.
      ring();
      await ended;
    } catch (error) {
      ignore(error);
    } finally {
      closed.removeEventListener('abort', hangUp);
      await client.end().catch(ignore);
    }
    await pause(pauseMs, undefined, { signal: closed }).catch(ignore);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}

/** Watchers look by themselves every few seconds, and it is their reads that report a database that is gone. */
function ignore(_error: unknown): void {
  return;
}
