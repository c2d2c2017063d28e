import type { QueueConnection } from '../../../src/queue/bullmq/connection.ts';
import { needs } from '../../support/needs.ts';
import { testDatabase } from '../../support/postgres.ts';
import { testRedis } from '../../support/redis.ts';

export type TestBackend = {
  readonly name: 'redis' | 'postgresql';
  /** `test`, where the machine has what this backend needs. */
  readonly test: ReturnType<typeof needs>;
  /** Something of its own: a Redis, or a database of the shared server. */
  start(): Promise<{ readonly url: string; stop(): Promise<void> }>;
  connection(url: string): QueueConnection;
};

export const backends: readonly TestBackend[] = [
  {
    name: 'redis',
    test: needs('redis-server'),
    start: () => testRedis(),
    connection: (redisUrl) => ({ redisUrl }),
  },
  {
    name: 'postgresql',
    test: needs(),
    async start() {
      const { url, drop } = await testDatabase();
      return { url, stop: drop };
    },
    connection: (databaseUrl) => ({ databaseUrl }),
  },
];
