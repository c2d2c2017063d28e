import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type TestRedis = {
  readonly url: string;
  /** Kills the server with SIGKILL and starts it again with what it had written. */
  killAndRestart(): Promise<void>;
  /** Kills the server with SIGKILL. */
  kill(): Promise<void>;
  /** Starts a server that was killed at the same port, with what it had written. */
  restart(): Promise<void>;
  /** From now on the server says nothing, and its connections stay. */
  freeze(): void;
  thaw(): void;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
};

/**
 * Starts a real redis-server on a free port of this machine with a folder of its own, set up as a queue needs it.
 *
 * @param settings more of redis.conf, such as `['--maxmemory-policy', 'allkeys-lru']`; a later setting wins
 */
export async function testRedis(settings: readonly string[] = []): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'spiral-redis-'));
  // Somebody else may take the port between the look and the start.
  for (let tries = 5; ; tries -= 1) {
    const port = await freePort();
    const server = start(port, folder, settings);
    const said = await saidUntilReady(server);
    if (said.ready) return running(server, port, folder, settings);
    if (tries === 0 || !said.lines.includes('Address already in use')) {
      throw new Error(`redis-server did not start: ${said.lines}`);
    }
  }
}

function running(first: ChildProcess, port: number, folder: string, settings: readonly string[]): TestRedis {
  let server = first;
  const restart = async (): Promise<void> => {
    server = start(port, folder, settings);
    const said = await saidUntilReady(server);
    if (!said.ready) throw new Error(`redis-server did not start again: ${said.lines}`);
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    async killAndRestart() {
      await kill(server);
      await restart();
    },
    kill: () => kill(server),
    restart,
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    async stop() {
      await kill(server);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function start(port: number, folder: string, settings: readonly string[]): ChildProcess {
  const wanted = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes'];
  return spawn('redis-server', [...wanted, '--maxmemory-policy', 'noeviction', ...settings], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

async function saidUntilReady(server: ChildProcess): Promise<{ ready: boolean; lines: string }> {
  if (server.stdout === null) throw new Error('redis-server has no output');
  let lines = '';
  // All of it is read to the end: a server whose output nobody takes would stop at a full pipe.
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const reader = createInterface({ input: server.stdout ?? process.stdin });
    reader.on('line', (line) => {
      lines += `${line}\n`;
      if (line.includes('Ready to accept connections')) resolve({ ready: true, lines });
    });
    reader.once('close', () => resolve({ ready: false, lines }));
  });
}

async function kill(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const over = once(server, 'exit');
  server.kill('SIGKILL');
  await over;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
}
