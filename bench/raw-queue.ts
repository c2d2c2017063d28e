import {
  type BackendFactory,
  isPgPool,
  PostgresConnection,
  type PostgresConnectionOptions,
  PostgresQueueBackend,
  Queue,
  Worker,
} from 'bullmq';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import type { QueueConnection } from '../src/queue/bullmq/connection.ts';

const lane = 'raw';
/** As many jobs at once as one of our processes has conversations at once. */
const concurrency = 4;

/** BullMQ alone: jobs that do nothing are added, and one worker processes them. Jobs a second, by the last one's end. */
export async function rawJobsPerSecond(connection: QueueConnection, jobs: number, senders: number): Promise<number> {
  const open = 'redisUrl' in connection ? onRedis(connection.redisUrl) : onPostgres(connection.databaseUrl);
  let left = jobs;
  let isOver: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    isOver = resolve;
  });
  const worker = open.worker(async () => {
    left -= 1;
    if (left === 0) isOver();
  });
  await Promise.all([open.queue.waitUntilReady(), worker.waitUntilReady()]);
  const begun = performance.now();
  const numbers = Array.from({ length: jobs }, (_, number) => number).values();
  const send = async () => {
    for (const number of numbers) await open.queue.add('job', { number }, { removeOnComplete: true });
  };
  await Promise.all([...Array.from({ length: senders }, send), over]);
  const seconds = (performance.now() - begun) / 1000;
  await worker.close();
  await open.queue.close();
  await open.end();
  return jobs / seconds;
}

function onRedis(url: string) {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  return {
    queue: new Queue(lane, { connection }),
    worker: (handle: () => Promise<void>) => new Worker(lane, handle, { connection, concurrency }),
    end: async () => void (await connection.quit()),
  };
}

/** In the schema that our queue has made. */
function onPostgres(url: string) {
  const address = new URL(url);
  address.searchParams.set('options', '-c search_path=bullmq,public');
  const pool = new Pool({ connectionString: address.href, max: 8 });
  if (!isPgPool(pool)) throw new TypeError('BullMQ does not take this version of pg for a pool');
  const backend: BackendFactory<PostgresQueueBackend, PostgresConnectionOptions> = (name, options) =>
    new PostgresQueueBackend(new PostgresConnection(pool), name, options);
  return {
    queue: new Queue(lane, { connection: pool }, backend),
    worker: (handle: () => Promise<void>) => new Worker(lane, handle, { connection: pool, concurrency }, backend),
    end: () => pool.end(),
  };
}
