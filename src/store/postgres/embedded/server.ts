import { execFile, spawn } from 'node:child_process';
import { chown, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { commandAs } from './account.ts';
import { answersAsPostgres } from './answering.ts';
import { binariesFor } from './binaries.ts';
import { unless } from './file-errors.ts';
import type { Place } from './place.ts';
import { type PostmasterFile, parsePostmasterFile, portOfOptions } from './postmaster-file.ts';
import { canSignal, identify } from './process-identity.ts';

export const host = '127.0.0.1';

const lookEveryMs = 5;
const stopWithinMs = 30_000;
const logLimit = 10 * 1024 * 1024;

const settings = [
  `listen_addresses=${host}`,
  'unix_socket_directories=',
  'shared_buffers=32MB',
  'max_connections=200',
  'io_method=sync',
  'max_logical_replication_workers=0',
  'log_checkpoints=off',
];

export type Found =
  | { readonly kind: 'none' }
  /** The file of a server that is gone; its process id may belong to another program by now. */
  | { readonly kind: 'stale'; readonly pid: number }
  | { readonly kind: 'unreadable' }
  | ({ readonly kind: 'living' } & PostmasterFile);

/** Looks for the server of a place by what it left in its data folder. */
export async function findServer({ data }: Pick<Place, 'data'>): Promise<Found> {
  const content = await unless(readFile(join(data, 'postmaster.pid'), 'utf8'), 'ENOENT');
  if (content === undefined) return { kind: 'none' };
  const file = parsePostmasterFile(content);
  if (!file) return { kind: 'unreadable' };
  const identity = await identify(file.pid, data);
  const isLeftBehind = identity === 'another' || (identity === 'gone' && !(await answersAsPostgres(host, file.port)));
  return isLeftBehind ? { kind: 'stale', pid: file.pid } : { kind: 'living', ...file };
}

/** A server that was spawned; it may still find out that another one is faster, and end. */
export type Started = {
  hasEnded(): boolean;
  /** What it wrote to its log since it was spawned. */
  said(): Promise<string>;
};

/**
 * Spawns the server, which lives on without us.
 *
 * @param binaries the folder with `bin`
 * @param stale the process id in a file that a server left behind: PostgreSQL is told to ignore who has it now
 */
export async function startServer(place: Place, binaries: string, stale: number | undefined): Promise<Started> {
  const port = await freePort(await lastPort(place));
  const command = commandAs(
    place.account,
    join(binaries, 'bin', 'postgres'),
    ['-D', place.data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    stale === undefined ? {} : { PG_GRANDPARENT_PID: String(stale) },
  );
  await rotate(place.log);
  const log = await open(place.log, 'a', 0o600);
  try {
    if (place.account.kind === 'other') await chown(place.log, place.account.uid, place.account.gid);
    const before = (await log.stat()).size;
    const child = spawn(command.file, [...command.arguments], {
      ...command.options,
      detached: true,
      windowsHide: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    let failure: Error | undefined;
    child.on('error', (error) => {
      failure = error;
    });
    child.unref();
    return {
      hasEnded: () => failure !== undefined || child.exitCode !== null || child.signalCode !== null,
      said: async () => failure?.message ?? (await readFile(place.log)).subarray(before).toString('utf8'),
    };
  } finally {
    await log.close();
  }
}

/** Shuts the server down, its other connections included, and waits until it is gone; false when it takes too long. */
export async function stopServer(place: Place, pid: number): Promise<boolean> {
  if (process.platform === 'win32') return stopOnWindows(place);
  try {
    process.kill(pid, 'SIGINT');
  } catch (error) {
    if (canSignal(pid)) throw error;
  }
  for (const deadline = Date.now() + stopWithinMs; Date.now() < deadline; await pause(lookEveryMs)) {
    const found = await findServer(place);
    if (found.kind !== 'living' || found.pid !== pid) return true;
  }
  return false;
}

/** There a signal would end it without a shutdown. */
async function stopOnWindows(place: Place): Promise<boolean> {
  const stop = join(await binariesFor(place), 'bin', 'pg_ctl');
  return new Promise((resolve) => {
    execFile(stop, ['stop', '-D', place.data, '-m', 'fast', '-w'], (error) => resolve(error === null));
  });
}

async function lastPort({ data }: Place): Promise<number | undefined> {
  const content = await unless(readFile(join(data, 'postmaster.opts'), 'utf8'), 'ENOENT');
  return content === undefined ? undefined : portOfOptions(content);
}

/** The wanted port while nobody has it, so that those who know it find the server again; else any other. */
async function freePort(wanted: number | undefined): Promise<number> {
  const probe = createServer();
  try {
    return await new Promise<number>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen(wanted ?? 0, host, () => {
        const address = probe.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
  } catch (error) {
    if (wanted === undefined) throw error;
    return await freePort(undefined);
  } finally {
    probe.close();
  }
}

async function rotate(log: string): Promise<void> {
  const found = await unless(stat(log), 'ENOENT');
  if (!found || found.size < logLimit) return;
  await rm(`${log}.1`, { force: true });
  await unless(rename(log, `${log}.1`), 'ENOENT');
}
