import { setTimeout as delay } from 'node:timers/promises';

/** A channel that takes nothing for a while. */
export type Closure = {
  readonly why: 'gone' | 'forbidden';
  /** Resolves when it may be tried again: for all who wait in the order in which they began to. Never rejects. */
  readonly over: Promise<void>;
};

/** Channels that are gone or closed to the bot. They are not tried: Discord bans those who ask in vain too often. */
export interface Closures {
  /** Harmless when it is closed. */
  close(channelId: string, why: Closure['why']): void;
  of(channelId: string): Closure | undefined;
}

/** @param signal ends every wait at once */
export function openClosures(closedForMs: number, signal: AbortSignal): Closures {
  const closed = new Map<string, Closure>();

  async function passed(channelId: string): Promise<void> {
    try {
      await delay(closedForMs, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    closed.delete(channelId);
  }

  return {
    close(channelId, why) {
      if (!closed.has(channelId)) closed.set(channelId, { why, over: passed(channelId) });
    },
    of: (channelId) => closed.get(channelId),
  };
}
