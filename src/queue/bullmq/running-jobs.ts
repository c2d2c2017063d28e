/** Counts the jobs that a worker has begun and not ended. */
export type RunningJobs = {
  count(): number;
  /** Carries out one job and counts it meanwhile. */
  run<Result>(job: () => Promise<Result>): Promise<Result>;
  /** Resolves as soon as none runs. */
  none(): Promise<void>;
};

export function countRunningJobs(): RunningJobs {
  let running = 0;
  let waiting: (() => void)[] = [];
  return {
    count: () => running,
    async run(job) {
      running += 1;
      try {
        return await job();
      } finally {
        running -= 1;
        if (running === 0) {
          for (const resolve of waiting) resolve();
          waiting = [];
        }
      }
    },
    none: () =>
      running === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiting.push(resolve);
          }),
  };
}
