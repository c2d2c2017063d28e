import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { openBullQueue } from '../../../src/queue/bullmq/open-bull-queue.ts';
import { timing } from './queues.ts';

test.each([
  ['redis', (port: number) => ({ redisUrl: `redis://127.0.0.1:${port}` })],
  ['postgresql', (port: number) => ({ databaseUrl: `postgresql://spiral@127.0.0.1:${port}/spiral` })],
])(
  'a queue on %s that is opened at once connects before it is called',
  async (_name, connectionTo) => {
    const server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
    const connected = once(server, 'connection');
    const queue = openBullQueue(connectionTo(address.port), { timing, atOnce: true });
    await expect(connected).resolves.toHaveLength(1);
    await queue.close();
    server.close();
  },
  10_000,
);
