import { setTimeout as after } from 'node:timers/promises';

/** Lets whoever looks at something from time to time look at once. */
export type Nudge = {
  /** Something has changed. */
  ring(): void;
  /** Waits so long, less when it rings or has rung since the last wait began, and not at all once the signal aborts. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
};

/** What is changed while it is still let go of is seen by the second look. */
const lookAgainMs = 250;

export function openNudge(): Nudge {
  let bell = new AbortController();
  let isSecondDue = false;
  return {
    ring: () => bell.abort(),
    async wait(milliseconds, signal) {
      const time = isSecondDue ? Math.min(lookAgainMs, milliseconds) : milliseconds;
      // It may have rung since the last look began: then this ends at once.
      await after(time, undefined, { signal: AbortSignal.any([signal, bell.signal]) }).catch(() => undefined);
      isSecondDue = bell.signal.aborted;
      if (bell.signal.aborted) bell = new AbortController();
    },
  };
}
