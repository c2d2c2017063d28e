import type { AddOptions, Queue } from '../queue.ts';
import { addressOf, type QueueConnection, type ServerAddress } from './connection.ts';
import { type OpenWorker, openWorker, type Reports, withoutEnd } from './lane-worker.ts';
import { explain } from './problems.ts';
import type { AddedJobOptions, LaneQueue, QueueServer } from './queue-server.ts';
import { defaultTiming, type QueueTiming } from './timing.ts';
import { settles, within } from './within.ts';

/**
 * Stands before every id in the server: BullMQ refuses an id that is a number, and on Redis one that is called as a list
 * of its own (`delayed`, `active`, `meta` …) breaks the lane.
 */
const before = 'job-';

const highestPriority = 100;
const usualPriority = 50;

export type BullQueueOptions = {
  /** Hears of jobs that failed and of trouble with the server while workers run; must not throw. Nobody hears without it. */
  readonly report?: (trouble: unknown) => void;
  /** Loads and connects now, not with the first call, which is told of what fails. */
  readonly atOnce?: boolean;
  /** For tests. */
  readonly timing?: Partial<QueueTiming>;
};

/**
 * The queue on BullMQ: on Redis, or in the schema `bullmq` of a PostgreSQL database, which is made when it is missing.
 * Nothing is loaded or connected before the first call, unless it is asked for at once.
 *
 * Every call rejects with a `QueueError` when the server cannot be used, within a few seconds; a job whose `add` failed so
 * may have been added all the same. Workers outlive a server that goes away and comes back. A job that fails is tried again
 * without end, after pauses of 1 s to 1 min. Re-adding an id while its job runs changes nothing, also from inside that
 * job: what is to be done next needs an id of its own. `close` does not wait for running jobs (stop the workers first);
 * another worker gets them after half a minute.
 */
export function openBullQueue(connection: QueueConnection, options: BullQueueOptions = {}): Queue {
  const timing = { ...defaultTiming, ...options.timing };
  const lanes = new Map<string, Promise<LaneQueue>>();
  const workers = new Set<OpenWorker>();
  let opening: Promise<QueueServer> | undefined;
  let closing: Promise<void> | undefined;

  /** Connections that break because we close are no news. */
  function report(trouble: unknown): void {
    if (closing === undefined) options.report?.(explain(trouble, addressOf(connection)));
  }

  const reports: Reports = { failure: (error) => options.report?.(error), trouble: report };

  function refuseWhenClosed(): void {
    if (closing !== undefined) throw new Error('the queue is closed');
  }

  /** Carries out one command on the server in bounded time, and says in our words what went wrong. */
  async function command<Result>(carryOut: (server: QueueServer) => Promise<Result>): Promise<Result> {
    refuseWhenClosed();
    const address = addressOf(connection);
    opening ??= loadBackend(address.backend).then((openServer) => openServer(address, timing, report));
    const server = await opening;
    refuseWhenClosed();
    try {
      return await within(
        timing.command,
        server.reach().then(() => carryOut(server)),
      );
    } catch (error) {
      throw explain(error, address);
    }
  }

  function inLane<Result>(name: string, carryOut: (lane: LaneQueue) => Promise<Result>): Promise<Result> {
    refuseName('lane', name);
    return command(async (server) => {
      const lane = lanes.get(name) ?? openLane(server, name);
      lanes.set(name, lane);
      try {
        return await carryOut(await lane);
      } catch (error) {
        // A lane that could not be opened would fail for ever; one that could is found again.
        if (!(await settlesWell(lane))) lanes.delete(name);
        throw error;
      }
    });
  }

  async function shut(): Promise<void> {
    if (opening === undefined) return;
    const server = await opening;
    const farewell = async () => {
      await Promise.all([...workers].map((worker) => worker.leave()));
      await Promise.all([...lanes.values()].map(async (lane) => (await lane).close()));
      await server.close();
    };
    await settles(timing.close, farewell());
    for (const worker of workers) worker.cutOff();
    server.sever();
  }

  if (options.atOnce) command(async () => undefined).catch(() => undefined);
  return {
    async add(lane, id, job, options = {}) {
      refuseName('id', id);
      await inLane(lane, (queue) => queue.add(job.kind, job, optionsOf(id, options)));
    },
    async remove(lane, id) {
      refuseName('id', id);
      await inLane(lane, (queue) => queue.remove(`${before}${id}`));
    },
    async work(lane, concurrency, handle) {
      refuseName('lane', lane);
      let worker: OpenWorker | undefined;
      try {
        return await command(async (server) => {
          const opened = openWorker(server, lane, concurrency, handle, timing, reports);
          worker = opened;
          workers.add(opened);
          await opened.start();
          return async () => {
            await opened.stop();
            workers.delete(opened);
          };
        });
      } catch (error) {
        if (worker !== undefined) {
          worker.cutOff();
          workers.delete(worker);
        }
        throw error;
      }
    },
    pending: (lane) =>
      inLane(lane, async (queue) => {
        const jobs = await queue.getJobs(['active', 'prioritized', 'waiting', 'delayed'], 0, -1, true);
        // A job that ended while the list was read leaves a hole.
        return jobs.flatMap((job) => job?.id?.slice(before.length) ?? []);
      }),
    close() {
      closing ??= shut();
      return closing;
    },
  };
}

/**
 * Loads what speaks to a backend. It takes longer than all the rest of Spiral to load, and is loaded when it is needed;
 * whoever knows before the address what it will be can call this while he waits.
 */
export async function loadBackend(backend: ServerAddress['backend']): Promise<OpenServer> {
  if (backend === 'redis') return (await import('./redis-server.ts')).redisServer;
  return (await import('./postgres-server.ts')).postgresServer;
}

type OpenServer = (address: ServerAddress, timing: QueueTiming, report: (trouble: unknown) => void) => QueueServer;

async function openLane(server: QueueServer, name: string): Promise<LaneQueue> {
  const lane = server.queue(name);
  // What a command meets it throws as well.
  lane.on('error', () => undefined);
  await lane.waitUntilReady();
  return lane;
}

function optionsOf(id: string, { delayMs = 0, priority = usualPriority }: AddOptions): AddedJobOptions {
  return {
    jobId: `${before}${id}`,
    attempts: withoutEnd,
    backoff: { type: 'growing' },
    // A finished job that is kept would silently swallow the next one of its id.
    removeOnComplete: true,
    removeOnFail: true,
    stackTraceLimit: 1,
    // PostgreSQL refuses fractions.
    delay: Math.max(0, Math.round(delayMs)),
    // BullMQ begins with the lowest, and with jobs that have none before all others: every job has one.
    priority: 1 + highestPriority - Math.min(highestPriority, Math.max(0, Math.round(priority))),
  };
}

/** BullMQ builds its keys with colons. */
function refuseName(what: 'lane' | 'id', name: string): void {
  if (name !== '' && !name.includes(':')) return;
  throw new RangeError(`"${name}" cannot be the ${what} of a job: it must not be empty nor contain a colon`);
}

async function settlesWell(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
