/** That a drive counts as one of those that a process has side by side. */
export type Seat = {
  /** The drive only waits for a place of a session, and somebody else may have the seat. */
  stepAside(): void;
  /** Takes a seat again, behind those who wait for one; at once when it has one, and when the signal aborts. */
  comeBack(signal: AbortSignal): Promise<void>;
};

/** Of a drive that nobody counts. */
export const uncounted: Seat = { stepAside: () => undefined, comeBack: async () => undefined };

export type TakenSeat = Seat & {
  /** Resolves when the drive first steps aside. */
  readonly left: Promise<void>;
  /** The drive is over. */
  giveUp(): void;
};

export interface Seats {
  /** Whoever asked first gets the next one; without one when the signal aborts. */
  take(signal: AbortSignal): Promise<TakenSeat>;
}

/**
 * The seats for drives of a process.
 *
 * @param count drives side by side
 * @param mostAside so many more may wait without a seat; what waits beside them keeps its own
 */
export function openSeats(count: number, mostAside: number): Seats {
  const waiting: (() => void)[] = [];
  let free = count;
  let aside = 0;

  /** Gives a seat to whoever waits longest for one, or to whoever asks next. */
  function give(): void {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }

  /** Whether there is one; false only when the signal aborts. */
  function wait(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    if (free > 0) {
      free -= 1;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const sit = () => {
        signal.removeEventListener('abort', leave);
        resolve(true);
      };
      const leave = () => {
        waiting.splice(waiting.indexOf(sit), 1);
        resolve(false);
      };
      signal.addEventListener('abort', leave, { once: true });
      waiting.push(sit);
    });
  }

  return {
    async take(signal) {
      let isSeated = await wait(signal);
      let isAside = false;
      let tell: () => void = () => undefined;
      const left = new Promise<void>((resolve) => {
        tell = resolve;
      });
      const stopWaiting = () => {
        if (isAside) aside -= 1;
        isAside = false;
      };
      return {
        left,
        stepAside() {
          if (!isSeated || aside >= mostAside) return;
          isSeated = false;
          isAside = true;
          aside += 1;
          tell();
          give();
        },
        async comeBack(by) {
          if (!isAside) return;
          isSeated = await wait(by);
          stopWaiting();
        },
        giveUp() {
          stopWaiting();
          if (isSeated) give();
          isSeated = false;
        },
      };
    },
  };
}
