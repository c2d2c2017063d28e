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

/** Who hears of what goes wrong while a worker works. */
export type Reports = {
  /** A job threw this. */
  readonly failure: (error: unknown) => void;
  /** The server or its client did. */
  readonly trouble: (error: unknown) => void;
};

/** One worker of one lane. */
export function openWorker(
  server: QueueServer,
  lane: string,
  concurrency: number,
  handle: (job: Job) => Promise<void>,
  timing: QueueTiming,
  report: Reports,
): OpenWorker {
  const running = countRunningJobs();

  function carryOut(stored: { readonly data: unknown }): Promise<void> {
    return running.run(async () => {
      try {
        await handle(readJob(stored.data));
      } catch (error) {
        report.failure(error);
        // BullMQ gives some errors a meaning of its own by their name, and stores the message of every one.
        throw new Error('the job failed');
      }
    });
  }

  const { worker, sever } = server.worker(lane, carryOut, settingsOf(concurrency, timing));
  worker.on('error', report.trouble);
  let stopping: Promise<void> | undefined;
  let isCutOff = false;

  async function finish(): Promise<void> {
    const closed = worker.close();
    // A job that was on its way when `close` was called still runs, so that one look at the count is not enough.
    while (!(await settles(timing.close, closed)) && running.count() > 0) await running.none();
    sever();
  }

  return {
    async start() {
      await worker.waitUntilReady();
      // Whoever waited may have given up meanwhile.
      if (isCutOff) return;
      worker.run().catch(report.trouble);
    },
    stop() {
      stopping ??= finish();
      return stopping;
    },
    leave: () => worker.close(running.count() > 0),
    cutOff() {
      isCutOff = true;
      sever();
    },
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
