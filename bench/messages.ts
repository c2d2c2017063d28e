import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { heldOut, tunedOn } from '../src/domain/__fixtures__/relevance-messages.ts';
import { relevanceFigures } from '../src/domain/relevance-figures.ts';
import type { QueueConnection } from '../src/queue/bullmq/connection.ts';
import { openEmbeddedPostgres } from '../src/store/postgres/embedded/embedded-postgres.ts';
import { type TestRedis, testRedis } from '../tests/support/redis.ts';
import { printTable } from './figures.ts';
import { openMailBench, senders } from './mail-bench.ts';
import { rawJobsPerSecond } from './raw-queue.ts';

/** To six members, so that each of them gets so many. */
const messages = 1000;
/** One at a time, each sent when the one before it is answered. */
const usualTurns = 100;

/**
 * What a message costs on its way: sent, in six inboxes, its relevance judged by its words, one reply by a model that answers
 * at once, and the reply in five inboxes again, where it is a courtesy. Beside it a job of BullMQ alone, added and processed,
 * on the same server in the same run. PostgreSQL holds everything; the queue is in Redis or there as well.
 */
export async function messagesBench({ pairs: turns = usualTurns }: { readonly pairs?: number }): Promise<void> {
  const redis = await redisIfThere();
  try {
    for (const backend of ['redis', 'postgresql'] as const) {
      if (backend === 'redis' && !redis) {
        console.log('Redis is not measured: there is no redis-server on the PATH.');
        continue;
      }
      await onBackend(backend === 'redis' ? redis : undefined, turns);
    }
  } finally {
    await redis?.stop();
  }
  for (const [name, set] of [
    ['the words were chosen with', tunedOn],
    ['no word was chosen for', heldOut],
  ] as const) {
    const { asked, askedShare, savedOfMessages, savedOfMembers, ...figures } = relevanceFigures(set);
    console.log(`\nRelevance by words, of ${set.length} messages that ${name}`);
    printTable([
      ['messages that ask the model', `${asked} (${(100 * askedShare).toFixed(0)} %)`],
      ['questions saved, against one for each message', String(savedOfMessages)],
      ['questions saved, against one for each message and role', String(savedOfMembers)],
      ['recall, certain or in the middle', figures.recall.toFixed(3)],
      ['recall of the words alone', figures.localRecall.toFixed(3)],
      ['precision of the words alone', figures.precision.toFixed(3)],
    ]);
  }
}

async function onBackend(redis: TestRedis | undefined, turns: number): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'spiral-bench-'));
  const database = await openEmbeddedPostgres({ home });
  const { databaseUrl } = database;
  const connection: QueueConnection = redis ? { redisUrl: redis.url } : { databaseUrl };
  const bench = await openMailBench(databaseUrl, connection);
  try {
    const alone = await bench.oneAtATime(turns);
    const raw = await rawJobsPerSecond(connection, messages, senders);
    const one = await bench.flood(1, messages);
    const two = await bench.flood(2, messages);
    console.log(`\nThe queue on ${redis ? 'Redis' : 'PostgreSQL'}`);
    printTable([
      ['jobs a second, BullMQ alone', raw.toFixed(0)],
      ['messages a second, 1 process', one.perSecond.toFixed(1)],
      ['messages a second, 2 processes', two.perSecond.toFixed(1)],
      ['jobs of BullMQ in the time of one message', (raw / one.perSecond).toFixed(0)],
      ['mail handled a second, 1 process and 2', `${one.mailPerSecond.toFixed(0)}, ${two.mailPerSecond.toFixed(0)}`],
      ['mail handled, each once, 1 process and 2', `${one.mail}, ${two.mail}`],
      [`from sent to answered, one at a time (${turns})`, percentiles(alone)],
      [`the same, all ${messages} sent at once, 1 process`, percentiles(one.latencies)],
      [`the same, 2 processes`, percentiles(two.latencies)],
    ]);
  } finally {
    await bench.close();
    await database.leave();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function redisIfThere(): Promise<TestRedis | undefined> {
  const { spawnSync } = await import('node:child_process');
  return spawnSync('redis-server', ['--version']).status === 0 ? testRedis() : undefined;
}

function percentiles(latencies: readonly number[]): string {
  const sorted = latencies.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return `p50 ${at(0.5).toFixed(0)} ms, p95 ${at(0.95).toFixed(0)} ms`;
}
