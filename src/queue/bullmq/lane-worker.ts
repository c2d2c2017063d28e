import type { Job } from '../queue.ts';
import type { QueueServer, WorkerSettings } from './queue-server.ts';
import { countRunningJobs } from './running-jobs.ts';
import { readJob } from './stored-job.ts';
import { pauseAfter, type QueueTiming } from './timing.ts';
import { settles } from './within.ts';

/** More than will ever happen (a 32-bit number): the row decides when a task is over, not the queue. */
export const withoutEnd = 1_000_000_000;

/** A worker is woken by new jobs; it looks by itself as well, in case it was not. */
const secondsBetweenLooks = 10;

export type OpenWorker = {
  /** Begins to take jobs. Throws what the server's client throws; call `cutOff` then. */
  start(): Promise<void>;
  /** Takes no more jobs and resolves when the running ones are over and told. */
  stop(): Promise<void>;
  /** As `stop` when nothing runs; running jobs are left alone: another worker gets them when their lock ends. */
  leave(): Promise<void>;
  cutOff(): void;
};

/** One worker of one lane. `report` hears of every failed job and every trouble with the server. */
export function openWorker(
  server: QueueServer,
  lane: string,
  concurrency: number,
  handle: (job: Job) => Promise<void>,
  timing: QueueTiming,
  report: (trouble: unknown) => void,
): OpenWorker {
  const running = countRunningJobs();

  function carryOut(stored: { readonly data: unknown }): Promise<void> {
    return running.run(async () => {
      try {
        await handle(readJob(stored.data));
      } catch (error) {
        report(error);
        // BullMQ gives some errors a meaning of its own by their name, and stores the message of every one.
        throw new Error('the job failed');
      }
    });
  }

  const { worker, sever } = server.worker(lane, carryOut, settingsOf(concurrency, timing));
  worker.on('error', report);
  let stopping: Promise<void> | undefined;

  async function finish(): Promise<void> {
    const closed = worker.close();
    // A job that was on its way when `close` was called still runs, so that one look at the count is not enough.
    while (!(await settles(timing.close, closed)) && running.count() > 0) await running.none();
    sever();
  }

  return {
    async start() {
      await worker.waitUntilReady();
      worker.run().catch(report);
    },
    stop() {
      stopping ??= finish();
      return stopping;
    },
    leave: () => worker.close(running.count() > 0),
    cutOff: sever,
  };
}

function settingsOf(concurrency: number, timing: QueueTiming): WorkerSettings {
  return {
    autorun: false,
    concurrency,
    lockDuration: timing.lock,
    stalledInterval: timing.stalledCheck,
    maxStalledCount: withoutEnd,
    runRetryDelay: timing.reconnectPause,
    drainDelay: secondsBetweenLooks,
    settings: { backoffStrategy: (failures) => pauseAfter(failures, timing) },
  };
}
