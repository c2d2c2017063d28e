import { setTimeout as after } from 'node:timers/promises';
import type { Spiral } from '../../spiral.ts';

/** What following the team takes of the system. */
export type TeamSpiral = Pick<Spiral, 'resources' | 'watch' | 'lastEvent'>;

export type WatchPace = {
  /** News that comes in quick succession is shown together: two looks are at least so far apart. */
  readonly apartMs: number;
  /** Without news it is looked so often: nobody tells of a process that died. */
  readonly quietMs: number;
};

const usualPace: WatchPace = { apartMs: 1_000, quietMs: 10_000 };

/** Looks at once, and again whenever something happens, until the signal aborts. */
export async function followTeam(
  spiral: TeamSpiral,
  look: () => Promise<void>,
  signal: AbortSignal,
  { apartMs, quietMs }: WatchPace = usualPace,
): Promise<void> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  let hear = (): void => undefined;
  const from = { after: await spiral.lastEvent() };
  let failure: { readonly error: unknown } | undefined;
  const listen = async () => {
    for await (const _event of spiral.watch(from, either)) hear();
  };
  const listening = listen().catch((error: unknown) => {
    failure = { error };
    over.abort();
  });
  try {
    while (!either.aborted) {
      const heard = new Promise<void>((resolve) => {
        hear = resolve;
      });
      await look();
      await pause(apartMs, either);
      const quiet = new AbortController();
      await Promise.race([heard, pause(quietMs, AbortSignal.any([either, quiet.signal]))]);
      quiet.abort();
    }
  } finally {
    over.abort();
    await listening;
  }
  if (failure) throw failure.error;
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await after(milliseconds, undefined, { signal }).catch(() => undefined); // Ended early by the signal.
}
