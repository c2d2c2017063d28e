/** How long the gateway waits for what. */
export type Timing = {
  /** A stream of which no byte comes for so long is cut. */
  readonly stallMs: number;
  /** An answer has to begin within. */
  readonly firstByteMs: number;
  /** An answer that comes in one piece has to begin within. */
  readonly wholeAnswerMs: number;
  readonly leastBackoffMs: number;
  readonly mostBackoffMs: number;
  /** How often one request is let through to a model API that does not answer. */
  readonly probeEveryMs: number;
  /** How often a held request looks whether it may go. */
  readonly lookEveryMs: number;
  /** How long a request waits for others to be settled before it is short of budget. */
  readonly budgetWaitMs: number;
  /** How long a request waits for the store. */
  readonly storeWaitMs: number;
  /** How often what was seen of an answer is written down. */
  readonly seenEveryMs: number;
  /** How long closing waits for bookings that fail. */
  readonly closeWaitMs: number;
};

export const usualTiming: Timing = {
  stallMs: 60_000,
  firstByteMs: 120_000,
  wholeAnswerMs: 600_000,
  leastBackoffMs: 500,
  mostBackoffMs: 15_000,
  probeEveryMs: 10_000,
  lookEveryMs: 500,
  budgetWaitMs: 60_000,
  storeWaitMs: 30_000,
  seenEveryMs: 1_000,
  closeWaitMs: 10_000,
};

const jitter = 0.2;

/** Doubles with each failure, up to the most, and a little more or less so that not all come back at once. */
export function backoffMs(failures: number, { leastBackoffMs, mostBackoffMs }: Timing, chance = Math.random()): number {
  const usual = Math.min(mostBackoffMs, leastBackoffMs * 2 ** (failures - 1));
  return usual * (1 - jitter + 2 * jitter * chance);
}

/** Resolves after the time, or when the signal aborts. */
export function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, Math.max(0, milliseconds));
    signal.addEventListener('abort', end, { once: true });
  });
}
