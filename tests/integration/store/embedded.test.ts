import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { nobody } from '../../../src/store/postgres/embedded/account.ts';
import {
  embeddedStatus,
  openEmbeddedPostgres,
  stopEmbeddedPostgres,
} from '../../../src/store/postgres/embedded/embedded-postgres.ts';
import { canSignal } from '../../../src/store/postgres/embedded/process-identity.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { killUsers, startUser } from './user-processes.ts';

let root: string;
const homes: string[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'spiral-embedded-'));
  // Others than we may run a server in it.
  await chmod(root, 0o755);
  const home = join(root, 'template');
  await (await openEmbeddedPostgres({ home })).leave();
}, 60_000);

afterEach(async () => {
  await killUsers();
  for (const home of homes.splice(0)) await stopEmbeddedPostgres(home);
});

afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

async function emptyHome(): Promise<string> {
  const home = await mkdtemp(join(root, 'höme with späce '));
  homes.push(home);
  return home;
}

/** A home whose server was set up already and is stopped; setting one up takes a while. */
async function readyHome(): Promise<string> {
  const home = await emptyHome();
  await promisify(execFile)('cp', ['-a', join(root, 'template', 'postgres'), home]);
  return home;
}

async function ask<Row extends pg.QueryResultRow>(databaseUrl: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

async function permissions(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

test('processes that open an empty home at the same moment share one server, and the last one out stops it', async () => {
  const home = await emptyHome();
  const users = await Promise.all([startUser(home), startUser(home), startUser(home)]);
  const [first, second, third] = users;
  expect(new Set(users.map(({ serverPid }) => serverPid)).size).toBe(1);
  expect(new Set(users.map(({ databaseUrl }) => databaseUrl)).size).toBe(1);
  await first?.leave();
  await second?.leave();
  expect(await embeddedStatus(home)).toMatchObject({ kind: 'running', pid: third?.serverPid });
  await third?.leave();
  expect(await embeddedStatus(home)).toEqual({ kind: 'stopped', version: '18' });
  expect((await readdir(join(home, 'postgres'))).sort()).toEqual(['data', 'password', 'server.log']);
});

test('processes that come and go at random never meet a server that is gone', async () => {
  const home = await readyHome();
  const comeAndGo = async (number: number) => {
    for (let round = 0; round < 12; round += 1) {
      const { databaseUrl, leave } = await openEmbeddedPostgres({ home });
      expect(await ask(databaseUrl, `select ${number} as number`)).toEqual([{ number }]);
      await leave();
    }
  };
  await Promise.all(Array.from({ length: 5 }, (_, number) => comeAndGo(number)));
  expect(await embeddedStatus(home)).toMatchObject({ kind: 'stopped' });
  expect(await stopEmbeddedPostgres(home)).toBe(false);
});

test('the server of a killed process is used again, and stopped by the next that leaves', async () => {
  const home = await readyHome();
  const killed = await startUser(home);
  await killed.kill();
  expect(await embeddedStatus(home)).toMatchObject({ kind: 'running', pid: killed.serverPid });
  const next = await openEmbeddedPostgres({ home });
  expect(next).toMatchObject({ serverPid: killed.serverPid, databaseUrl: killed.databaseUrl });
  await next.leave();
  expect(await embeddedStatus(home)).toMatchObject({ kind: 'stopped' });
});

test('what was acknowledged is there after the server was killed, and its address is the same', async () => {
  const home = await readyHome();
  const opened = await openEmbeddedPostgres({ home });
  await ask(opened.databaseUrl, 'create table kept (number int)');
  const writer = new pg.Client({ connectionString: opened.databaseUrl });
  writer.on('error', () => undefined);
  await writer.connect();
  let acknowledged = 0;
  const writing = (async () => {
    for (;;) {
      await writer.query('insert into kept values ($1)', [acknowledged + 1]);
      acknowledged += 1;
      if (acknowledged === 200) process.kill(opened.serverPid, 'SIGKILL');
    }
  })();
  await expect(writing).rejects.toThrow();
  await writer.end();

  const again = await openEmbeddedPostgres({ home });
  expect(again.databaseUrl).toBe(opened.databaseUrl);
  expect(again.serverPid).not.toBe(opened.serverPid);
  const [row] = await ask<{ count: number }>(again.databaseUrl, 'select count(*)::int as count from kept');
  expect(acknowledged).toBeGreaterThanOrEqual(200);
  expect(row?.count).toBeGreaterThanOrEqual(acknowledged);
  await again.leave();
  await opened.leave();
  expect(await embeddedStatus(home)).toMatchObject({ kind: 'stopped' });
});

test('however often the server is killed, whoever wants in gets in', async () => {
  const home = await readyHome();
  let entries = 0;
  const comeAndKill = async () => {
    for (let round = 0; round < 6; round += 1) {
      const { serverPid, leave } = await openEmbeddedPostgres({ home });
      entries += 1;
      if (entries % 3 === 0 && canSignal(serverPid)) process.kill(serverPid, 'SIGKILL');
      await leave();
    }
  };
  await Promise.all([comeAndKill(), comeAndKill(), comeAndKill(), comeAndKill()]);
  await (await openEmbeddedPostgres({ home })).leave();
  expect(await embeddedStatus(home)).toMatchObject({ kind: 'stopped' });
  const log = await readFile(join(home, 'postgres', 'server.log'), 'utf8');
  expect(log).not.toContain('lock file is invalid');
});

test('a store goes on by itself after its server was killed, and so do its watches', async () => {
  const home = await readyHome();
  const opened = await openEmbeddedPostgres({ home });
  const store = await openPostgresStore({ databaseUrl: opened.databaseUrl });
  const stop = new AbortController();
  const next = store.events.watch({ after: 0 }, stop.signal)[Symbol.asyncIterator]().next();
  process.kill(opened.serverPid, 'SIGKILL');
  let last: number | undefined;
  while (last === undefined) last = await store.events.last().catch(() => undefined);
  await store.pool.query(`insert into spiral.events (body) values ('{"type":"progress","taskId":"t","text":"back"}')`);
  expect((await next).value).toMatchObject({ text: 'back' });
  stop.abort();
  await store.close();
  await opened.leave();
  expect(await embeddedStatus(home)).toMatchObject({ kind: 'stopped' });
});

test('after a crash of the server a process is still known to use it', async () => {
  const home = await readyHome();
  const [staying, leaving] = [await openEmbeddedPostgres({ home }), await startUser(home)];
  const [backend] = await ask<{ pid: number }>(
    staying.databaseUrl,
    `select pid from pg_stat_activity where application_name = 'spiral-use' limit 1`,
  );
  // The server ends every connection when one of its processes dies, and goes on under the same id.
  process.kill(backend?.pid ?? 0, 'SIGKILL');
  const present = `select count(*)::int as count from pg_locks where locktype = 'advisory' and granted`;
  let count = 0;
  while (count < 2) {
    const rows = await ask<{ count: number }>(staying.databaseUrl, present).catch(() => []);
    count = rows[0]?.count ?? 0;
  }
  await leaving.leave();
  expect(await embeddedStatus(home)).toMatchObject({ kind: 'running', pid: staying.serverPid });
  await staying.leave();
  expect(await embeddedStatus(home)).toMatchObject({ kind: 'stopped' });
});

test('a server that is stopped on purpose is not started again by those who used it', async () => {
  const home = await readyHome();
  const opened = await openEmbeddedPostgres({ home });
  expect(await embeddedStatus(home)).toEqual({
    kind: 'running',
    version: expect.stringMatching(/^18\./),
    pid: opened.serverPid,
    port: Number(new URL(opened.databaseUrl).port),
  });
  expect(await stopEmbeddedPostgres(home)).toBe(true);
  await opened.leave();
  expect(await embeddedStatus(home)).toEqual({ kind: 'stopped', version: '18' });
  expect(await stopEmbeddedPostgres(home)).toBe(false);
});

test('looking for a server where none ever was finds none and leaves nothing', async () => {
  const home = await emptyHome();
  expect(await embeddedStatus(home)).toEqual({ kind: 'absent' });
  expect(await stopEmbeddedPostgres(home)).toBe(false);
  expect(await readdir(home)).toEqual([]);
});

test('a file left by a server does not stop a start, though its process id is that of a living program', async () => {
  const home = await readyHome();
  const data = join(home, 'postgres', 'data');
  const foreign = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await once(foreign, 'spawn');
  await writeFile(join(data, 'postmaster.pid'), `${foreign.pid}\n${data}\n1700000000\n5432\n\n127.0.0.1\n\nready   \n`);
  expect(await embeddedStatus(home)).toMatchObject({ kind: 'stopped' });
  const { serverPid, databaseUrl, leave } = await openEmbeddedPostgres({ home });
  expect(serverPid).not.toBe(foreign.pid);
  expect(await ask(databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  await leave();
  expect(foreign.exitCode).toBeNull();
  foreign.kill('SIGKILL');
});

/** As programs of agents run: they see no process but their own. */
const ownProcesses = ['bwrap', '--dev-bind', '/', '/', '--unshare-pid', '--proc', '/proc', '--'];

test('a server whose process cannot be seen from a process namespace is used there, and lives on', async () => {
  const home = await readyHome();
  const outside = await startUser(home);
  const inside = await startUser(home, undefined, ownProcesses);
  expect(inside.databaseUrl).toBe(outside.databaseUrl);
  await inside.leave();
  expect(await ask(outside.databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(await embeddedStatus(home)).toMatchObject({ kind: 'running', pid: outside.serverPid });
});

test('neither does one whose process is dead, nor one that was never filled', async () => {
  const home = await readyHome();
  const file = join(home, 'postgres', 'data', 'postmaster.pid');
  const dead = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
  await once(dead, 'exit');
  await writeFile(file, `${dead.pid}\n/data\n1700000000\n5432\n\n127.0.0.1\n\nready   \n`);
  await (await openEmbeddedPostgres({ home })).leave();

  await writeFile(file, '');
  await utimes(file, 1_700_000_000, 1_700_000_000);
  await (await openEmbeddedPostgres({ home })).leave();
  expect(await embeddedStatus(home)).toMatchObject({ kind: 'stopped' });
});

test('a port that somebody else has taken meanwhile is not waited for', async () => {
  const home = await readyHome();
  const first = await openEmbeddedPostgres({ home });
  await first.leave();
  const { createServer } = await import('node:net');
  const squatter = createServer().listen(Number(new URL(first.databaseUrl).port), '127.0.0.1');
  await once(squatter, 'listening');
  const second = await openEmbeddedPostgres({ home });
  expect(second.databaseUrl).not.toBe(first.databaseUrl);
  await second.leave();
  squatter.close();
});

test('folders and password are ours alone, and the server listens to this machine only', async () => {
  const home = await readyHome();
  const { databaseUrl, serverPid, leave } = await openEmbeddedPostgres({ home });
  const folder = join(home, 'postgres');
  expect(await permissions(folder)).toBe('700');
  expect(await permissions(join(folder, 'data'))).toBe('700');
  expect(await permissions(join(folder, 'password'))).toBe('600');
  expect(await permissions(join(folder, 'server.log'))).toBe('600');
  const [settings] = await ask(
    databaseUrl,
    `select current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets,
            current_setting('fsync') as fsync, current_setting('password_encryption') as encryption`,
  );
  expect(settings).toEqual({ addresses: '127.0.0.1', sockets: '', fsync: 'on', encryption: 'scram-sha-256' });
  const url = new URL(databaseUrl);
  expect(url.hostname).toBe('127.0.0.1');
  url.password = 'wrong';
  await expect(openPostgresStore({ databaseUrl: url.href })).rejects.toMatchObject({ problem: 'refused' });
  if (process.platform === 'linux') {
    const environment = await readFile(`/proc/${serverPid}/environ`, 'utf8');
    const names = environment.split('\0').map((line) => line.split('=')[0]);
    expect(names.filter((name) => name && !/^(PATH|LC_|PG)/.test(name))).toEqual([]);
  }
  await leave();
});

test('a password file that does not fit is said to be the trouble', async () => {
  const home = await readyHome();
  await unlink(join(home, 'postgres', 'password'));
  await expect(openEmbeddedPostgres({ home })).rejects.toMatchObject({
    problem: 'embedded-unavailable',
    message: expect.stringContaining('password'),
  });
});

test('data of another version and a home that is no folder are told with the way out', async () => {
  const home = await readyHome();
  await writeFile(join(home, 'postgres', 'data', 'PG_VERSION'), '17\n');
  const unavailable = { problem: 'embedded-unavailable', cure: expect.stringContaining('DATABASE_URL') };
  await expect(openEmbeddedPostgres({ home })).rejects.toMatchObject({
    ...unavailable,
    message: expect.stringContaining('PostgreSQL 17'),
  });
  const file = join(home, 'file');
  await writeFile(file, '');
  await expect(openEmbeddedPostgres({ home: file })).rejects.toMatchObject(unavailable);
  await writeFile(join(home, 'postgres', 'data', 'PG_VERSION'), '18\n');
  await rm(join(home, 'postgres', 'data', 'global'), { recursive: true });
  await expect(openEmbeddedPostgres({ home })).rejects.toMatchObject({
    ...unavailable,
    message: expect.stringContaining('did not start'),
  });
});

const weAreRoot = process.platform === 'linux' && process.getuid?.() === 0;

async function expectServerAs(uid: number) {
  const home = await emptyHome();
  await chown(home, uid, uid);
  const user = await startUser(home, uid);
  expect((await stat(`/proc/${user.serverPid}`)).uid).toBe(uid);
  expect(await ask(user.databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  await user.leave();
  expect(await embeddedStatus(home)).toMatchObject({ kind: 'stopped' });
}

test.runIf(weAreRoot)('an ordinary user runs it plainly', async () => {
  await expectServerAs((await nobody()).uid);
});

test.runIf(weAreRoot)('so does one without a name, or is told that the name is missing', async () => {
  await expectServerAs(1234).catch((error: unknown) => {
    // Where user namespaces are forbidden there is no way around it.
    if (!String(error).includes('a user without a name')) throw error;
  });
});

test.runIf(weAreRoot)(
  'root without user namespaces runs it as nobody, with its data elsewhere, and keeps to that',
  async () => {
    const home = await emptyHome();
    await chmod(home, 0o700);
    const outside = join(root, 'outside');
    await mkdir(outside, { mode: 0o700 });
    await chmod(outside, 0o755);
    const first = await openEmbeddedPostgres({ home, outside, findNamespace: async () => undefined });
    await ask(first.databaseUrl, 'create table kept as select 1 as one');
    expect((await stat(`/proc/${first.serverPid}`)).uid).toBe((await nobody()).uid);
    await first.leave();
    expect(await readdir(join(home, 'postgres'))).not.toContain('data');

    const second = await openEmbeddedPostgres({ home, outside });
    expect(await ask(second.databaseUrl, 'select one from kept')).toEqual([{ one: 1 }]);
    expect((await stat(`/proc/${second.serverPid}`)).uid).toBe((await nobody()).uid);
    await second.leave();
    expect(await embeddedStatus(home, { outside })).toEqual({ kind: 'stopped', version: '18' });
  },
);
