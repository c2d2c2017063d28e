/** The time of the stand-in. A test moves it forward instead of waiting; what was due then happens at once. */
export type Clock = {
  readonly now: () => number;
  readonly advance: (milliseconds: number) => void;
  /** Runs once when the time has come, by waiting or by `advance`; the answer cancels it. */
  readonly after: (milliseconds: number, run: () => void) => () => void;
  readonly close: () => void;
};

export function openClock(): Clock {
  let ahead = 0;
  const due = new Map<object, { at: number; run: () => void; timer: NodeJS.Timeout }>();
  const now = () => Date.now() + ahead;

  function fire(key: object): void {
    const entry = due.get(key);
    if (!entry) return;
    clearTimeout(entry.timer);
    due.delete(key);
    entry.run();
  }

  return {
    now,
    advance: (milliseconds) => {
      ahead += milliseconds;
      for (const [key, { at }] of [...due]) if (at <= now()) fire(key);
    },
    after: (milliseconds, run) => {
      const key = {};
      due.set(key, { at: now() + milliseconds, run, timer: setTimeout(() => fire(key), milliseconds) });
      return () => {
        clearTimeout(due.get(key)?.timer);
        due.delete(key);
      };
    },
    close: () => {
      for (const { timer } of due.values()) clearTimeout(timer);
      due.clear();
    },
  };
}

const discordEpoch = 1_420_070_400_000n;

/** Ids as Discord makes them: growing, with the time in the upper bits ("Reference: Snowflakes"). */
export function snowflakes(now: () => number): () => string {
  let last = 0n;
  return () => {
    const fresh = (BigInt(Math.floor(now())) - discordEpoch) << 22n;
    last = fresh > last ? fresh : last + 1n;
    return String(last);
  };
}
