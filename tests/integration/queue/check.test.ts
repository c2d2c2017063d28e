import { afterAll, beforeAll, describe, expect } from 'vitest';
import { checkQueue } from '../../../src/queue/bullmq/check-queue.ts';
import { openBullQueue } from '../../../src/queue/bullmq/open-bull-queue.ts';
import { needs } from '../../support/needs.ts';
import { testRedis } from '../../support/redis.ts';
import { backends } from './backends.ts';
import { relayTo } from './relay.ts';

describe.each(backends)('the check of the queue on $name', ({ name, test, start, connection }) => {
  let server: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());

  test('tells the version and has nothing to warn about', async () => {
    expect(await checkQueue(connection(server.url))).toEqual({
      backend: name,
      version: expect.stringMatching(/^\d+\.\d+/),
      warnings: [],
    });
  });

  for (const how of ['cut', 'freeze'] as const) {
    test(`says in bounded time that the server is not there (${how})`, async () => {
      const relay = await relayTo(server.url);
      await relay[how]();
      await expect(checkQueue(connection(relay.url), { connect: 500, command: 1_000 })).rejects.toMatchObject({
        problem: 'unreachable',
      });
      await relay.close();
    });
  }
});

describe('a Redis that is not set up for a queue', () => {
  const test = needs('redis-server');
  let server: Awaited<ReturnType<typeof testRedis>>;
  let url: string;
  beforeAll(async () => {
    const settings = ['--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru', '--requirepass', 'correct horse'];
    server = await testRedis(settings);
    url = server.url.replace('//', '//:correct%20horse@');
  });
  afterAll(() => server.stop());

  test('is warned about, and works all the same', async () => {
    const { warnings } = await checkQueue({ redisUrl: url });
    expect(warnings).toEqual([expect.stringContaining('appendonly'), expect.stringContaining('maxmemory-policy')]);
    const reported: unknown[] = [];
    const queue = openBullQueue({ redisUrl: url }, { report: (trouble) => reported.push(String(trouble)) });
    await queue.add('lane', 'one', { kind: 'advance-task', taskId: 'one' });
    await queue.add('lane', 'two', { kind: 'advance-task', taskId: 'two' });
    expect(await queue.pending('lane')).toEqual(['one', 'two']);
    await queue.close();
    expect(reported).toEqual(warnings.map((warning) => `Error: ${warning}`));
  });

  test('refuses a wrong password in one line that does not tell it', async () => {
    const wrong = server.url.replace('//', '//:battery%20staple@');
    const error: unknown = await checkQueue({ redisUrl: wrong }).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ name: 'QueueError', problem: 'refused', cure: expect.stringContaining('password') });
    expect(String(error)).not.toMatch(/\n|battery/);
  });
});
