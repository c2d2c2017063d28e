import { createHash, randomBytes } from 'node:crypto';
import { PassThrough, Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TaskId, ToolRequestId } from '../../../src/domain/identifiers.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { type Store, StoreError } from '../../../src/store/store.ts';
import type { NewToolRequest } from '../../../src/store/tool-requests.ts';
import { testDatabase } from '../../support/postgres.ts';
import { attempts, escalation, messageOf, openedFor } from './conversation-examples.ts';
import { acceptedNews, exampleTask, leased, newTaskId, progress, saved } from './examples.ts';
import { promptNews, settlementOf, usageOf, wishOf, working } from './spending.ts';
import { exampleUse, exampleVersion } from './tool-examples.ts';

type OpenStore = Awaited<ReturnType<typeof openPostgresStore>>;

const databases: { readonly url: string; drop(): Promise<void> }[] = [];
const stores: OpenStore[] = [];
let store: OpenStore;

async function openEmpty(): Promise<OpenStore> {
  const database = await testDatabase();
  databases.push(database);
  const opened = await openPostgresStore({ databaseUrl: database.url });
  stores.push(opened);
  return opened;
}

beforeEach(async () => {
  store = await openEmpty();
});

afterEach(async () => {
  await Promise.all(stores.splice(0).map((opened) => opened.close()));
  await Promise.all(databases.splice(0).map((database) => database.drop()));
});

async function backupOf(from: Store): Promise<Buffer> {
  const through = new PassThrough();
  const [bytes] = await Promise.all([buffer(through), from.upkeep.backup(through)]);
  return bytes;
}

/** Pieces of odd sizes, as a file or a pipe gives them. */
function inPieces(bytes: Buffer, size = 1_000): Readable {
  const count = Math.ceil(bytes.length / size);
  return Readable.from(Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size)));
}

const awkward = 'tab\t newline\n return\r backslash\\ \\N \\. quote" \u0001\u0007\u007f 😀 \u2028 \u0000 end';

/** Something in every table. */
async function fill(target: OpenStore): Promise<void> {
  await target.surfaces.put('discord', 'card', { text: 'one\ttwo\\n', lines: [null] });
  const writer = await leased(target, {
    text: awkward,
    repository: { path: `/home/${awkward}`, branch: 'spiral/x', base: 'abc' },
    night: { name: '2026-11-22', deadline: '2026-11-23T06:00:00.000Z' },
  });
  const { taskId } = writer;
  const limits = [
    { scope: `task:${taskId}`, limit: {} },
    { scope: 'all', limit: { usd: 10 } },
  ] as const;
  await target.tasks.beginRound(writer, working(1), [promptNews(taskId, 1)], limits);
  await target.tasks.append(
    writer,
    [{ news: progress(taskId, awkward), key: awkward }],
    [
      {
        round: 1,
        key: awkward,
        kind: 'command',
        title: awkward,
        text: `${awkward}${randomBytes(150_000).toString('base64')}`,
      },
    ],
  );
  const [open, settled] = [wishOf(limits, { taskId, model: awkward }), wishOf(limits, { taskId })];
  await target.budgets.reserve(open);
  await target.budgets.saw(open.id, usageOf({ output: 4 }));
  await target.budgets.reserve(settled);
  await target.budgets.settle(settled.id, settlementOf({ usage: usageOf({ output: 3 }), usd: 0.123456789 }));
  await target.upstreams.pause('https://model.example', new Date(Date.now() + 60_000));
  await target.tests.keep(writer, 0, { runs: [], tests: [{ name: awkward, outcome: 'failed' }] });
  const shortage = { scope: 'all', measure: 'usd', limit: 10, spent: 10 } as const;
  await target.tasks.ask(writer, { id: newTaskId(), taskId, kind: 'grant', text: awkward, shortage }, working(1), []);
  const id = await openedFor(target, taskId, { topic: awkward });
  await target.conversations.publish(messageOf(id, { text: awkward, mentions: ['developer'], answers: 1 }));
  await target.conversations.rate(id, 1, { developer: 7.5 });
  await target.conversations.remember(id, { summary: awkward, upTo: 1 });
  const mail = await target.conversations.take(id, attempts);
  if (mail) await target.conversations.settle(mail, escalation({ silenced: 'developer' }));
  await target.tools.publish(exampleVersion('echo', '1.0.0', { description: `Says ${awkward}` }));
  await target.tools.used(exampleUse('echo'));
  await fillToolRequests(target, taskId);
}

async function fillToolRequests(target: OpenStore, taskId: TaskId): Promise<void> {
  const id = newTaskId() as string as ToolRequestId;
  const work = exampleTask({ agent: 'project-manager', toolRequest: id });
  const request: NewToolRequest['request'] = {
    ...{ id, taskId, name: 'echo', description: awkward, urgency: 8, importance: 9, requirements: [awkward] },
    ...{ examples: [], requestedBy: 'developer', isBlocking: false, workTask: work.id, similar: [awkward] },
  };
  await target.toolRequests.file({ request, work, callId: awkward }, { news: acceptedNews(work) });
}

async function tablesOf(of: OpenStore): Promise<Record<string, unknown[]>> {
  const { rows } = await of.pool.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'spiral' and tablename <> 'migrations' order by 1`,
  );
  const tables: Record<string, unknown[]> = {};
  for (const { name } of rows) {
    const content = await of.pool.query(`select t::text as row from spiral.${name} t order by 1`);
    tables[name] = content.rows;
  }
  return tables;
}

async function failureOf(call: Promise<unknown>): Promise<StoreError> {
  const failure = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(failure instanceof StoreError)) throw new Error(`expected a StoreError, got ${String(failure)}`);
  expect(failure.message).not.toContain('\n');
  expect(failure.cure).not.toBe('');
  return failure;
}

test('a backup brings every row of every table back, to the last character, and the ids go on from there', async () => {
  await fill(store);
  await fill(store);
  const before = await tablesOf(store);
  for (const [name, rows] of Object.entries(before)) expect(rows.length, name).toBeGreaterThan(0);

  const restored = await openEmpty();
  await restored.upkeep.restore(inPieces(await backupOf(store)));
  expect(await tablesOf(restored)).toEqual(before);
  const last = await store.events.last();
  await saved(restored);
  expect(await restored.events.last()).toBe(last + 1);
  // And what it holds can be written again.
  expect((await backupOf(restored)).length).toBeGreaterThan(1_000);
});

test('times come back whatever the time zone and the date style of either database', async () => {
  const other = await openEmpty();
  const name = new URL(databases.at(-1)?.url ?? '').pathname.slice(1);
  await other.pool.query(`alter database ${name} set timezone to 'Asia/Kathmandu'`);
  await other.pool.query(`alter database ${name} set datestyle to 'SQL, DMY'`);
  const strange = await openPostgresStore({ databaseUrl: databases.at(-1)?.url ?? '' });
  stores.push(strange);
  const task = await saved(strange);
  await store.upkeep.restore(inPieces(await backupOf(strange)));
  expect(await store.tasks.get(task.id)).toEqual(await strange.tasks.get(task.id));
});

test('a backup while others write is of one moment: the ledger, the budgets and the events agree', async () => {
  const limits = [{ scope: 'all', limit: {} }] as const;
  let stopped = false;
  const writing = Array.from({ length: 3 }, async () => {
    const writer = await leased(store, { promptLimit: 100_000 });
    for (let round = 1; !stopped; round++) {
      const wish = wishOf(limits, { taskId: writer.taskId });
      await store.budgets.reserve(wish);
      await store.tasks.beginRound(writer, working(round), [promptNews(writer.taskId, round)], limits);
      if (round % 2 === 0) await store.budgets.settle(wish.id, settlementOf({ usd: 0.5 }));
    }
  });
  while ((await store.budgets.standing('all')).spent.usd === 0) await saved(store);
  for (let turn = 0; turn < 3; turn++) {
    const restored = await openEmpty();
    await restored.upkeep.restore(inPieces(await backupOf(store), 50_000));
    const { rows } = await restored.pool.query(`
      select
        (select count(*) from spiral.events where type = 'prompt.spent')::int as prompts,
        coalesce(sum(nano_usd), 0)::float8 / 1e9 as usd,
        coalesce(sum(reserved_nano_usd) filter (where settled_at is null), 0)::float8 / 1e9 as reserved
      from spiral.requests
    `);
    const { prompts, usd, reserved } = rows[0];
    expect(usd).toBeGreaterThan(0);
    const standing = await restored.budgets.standing('all');
    expect(standing).toMatchObject({ spent: { prompts, usd }, reserved: { usd: reserved } });
    await saved(restored);
  }
  stopped = true;
  await Promise.all(writing);
});

test('nothing is restored over what is there', async () => {
  const backup = await backupOf(store);
  await store.upstreams.failed('https://model.example');
  expect(await failureOf(store.upkeep.restore(inPieces(backup)))).toMatchObject({ problem: 'not-empty' });
  expect(await store.upstreams.state('https://model.example')).toEqual({ failures: 1 });
});

test('a backup that was cut off, wherever, or altered is refused, and leaves nothing behind', async () => {
  await fill(store);
  const backup = await backupOf(store);
  const frames = gunzipSync(backup);
  const restored = await openEmpty();
  const empty = await tablesOf(restored);

  const cuts = [0.1, 0.5, 0.9].map((part) => frames.subarray(0, Math.floor(frames.length * part)));
  const withoutChecksum = frames.subarray(0, frames.length - 37);
  const altered = Buffer.from(frames);
  altered.write('X', frames.indexOf('backslash'));
  const broken = [
    ...[...cuts, withoutChecksum, altered].map((bytes) => gzipSync(bytes)),
    gzipSync(Buffer.concat([frames, Buffer.from('more')])),
    backup.subarray(0, backup.length - 20),
    backup.subarray(0, Math.floor(backup.length / 2)),
  ];
  for (const bytes of broken) {
    const failure = await failureOf(restored.upkeep.restore(inPieces(bytes)));
    expect(failure).toMatchObject({ problem: 'not-a-backup', message: expect.stringContaining('damaged') });
    expect(await tablesOf(restored)).toEqual(empty);
  }
  await restored.upkeep.restore(inPieces(backup));
  expect(await tablesOf(restored)).toEqual(await tablesOf(store));
});

test('a file of somebody else is refused', async () => {
  const foreign = [
    Buffer.alloc(0),
    Buffer.from('create table tasks ();\n'),
    gzipSync('create table tasks ();\n'),
    gzipSync(''),
    gzipSync(frame('B', JSON.stringify({ format: 'another', version: 1 }))),
  ];
  for (const bytes of foreign) {
    expect(await failureOf(store.upkeep.restore(inPieces(bytes)))).toMatchObject({ problem: 'not-a-backup' });
  }
  const unreadable = new Readable({
    read() {
      this.destroy(new Error('EIO: i/o error, read'));
    },
  });
  expect((await failureOf(store.upkeep.restore(unreadable))).message).toContain('EIO');
  await saved(store);
});

test('a table, a column or a sequence that is not ours reaches no statement, however right the checksum is', async () => {
  const begin = { format: 'spiral-backup', version: 1, migration: 1, createdAt: new Date().toISOString() };
  const tasks = { table: 'tasks', columns: ['id'] };
  const strange = [
    [{ table: 'migrations', columns: ['hash'] }, []],
    [{ table: 'tasks; drop schema spiral cascade', columns: ['id'] }, []],
    [{ table: 'tasks', columns: ['ctid'] }, []],
    [tasks, [{ table: 'migrations', column: 'id', next: '7' }]],
    [tasks, [{ table: 'events', column: 'id', next: '7; drop schema spiral cascade' }]],
  ] as const;
  for (const [table, sequences] of strange) {
    const failure = await failureOf(store.upkeep.restore(inPieces(whole([begin, table, { sequences }]))));
    expect(failure, JSON.stringify(table)).toMatchObject({ problem: 'not-a-backup' });
  }
  await store.upkeep.restore(
    inPieces(whole([begin, tasks, { sequences: [{ table: 'events', column: 'id', next: '7' }] }])),
  );
  await saved(store);
  expect(await store.events.last()).toBe(7);
});

test('a backup of a newer version is refused as such', async () => {
  await store.pool.query(`insert into spiral.migrations (hash, created_at) values ('x', 99999999999999)`);
  const backup = await backupOf(store);
  const older = await openEmpty();
  const newer = { problem: 'newer-schema', message: 'the backup was made by a newer version of Spiral' };
  expect(await failureOf(older.upkeep.restore(inPieces(backup)))).toMatchObject(newer);
  const format = gzipSync(frame('B', JSON.stringify({ format: 'spiral-backup', version: 2 })));
  expect(await failureOf(older.upkeep.restore(inPieces(format)))).toMatchObject(newer);
});

test('a place that cannot be written is told as such, and the store goes on', async () => {
  await fill(store);
  let written = 0;
  const full = new Writable({
    highWaterMark: 1_000,
    write(chunk: Buffer, _encoding, done) {
      written += chunk.length;
      done(written > 50_000 ? new Error('ENOSPC: no space left on device, write') : null);
    },
  });
  const failure = await failureOf(store.upkeep.backup(full));
  expect(failure).toMatchObject({ problem: 'not-written', message: expect.stringContaining('ENOSPC') });
  // More than there are connections: none is lost.
  for (let turn = 0; turn < 10; turn++) {
    const closed = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
    await failureOf(store.upkeep.backup(closed));
  }
  await saved(store);
});

test('a database that goes away during a backup is told as such', async () => {
  await fill(store);
  const administrator = await openPostgresStore({ databaseUrl: databases[0]?.url ?? '', applicationName: 'other' });
  stores.push(administrator);
  const blocker = await administrator.pool.connect();
  await blocker.query('begin; lock table spiral.tasks in access exclusive mode');
  const backingUp = failureOf(store.upkeep.backup(new PassThrough().resume()));
  let ended = 0;
  while (ended === 0) {
    const { rows } = await administrator.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'spiral' and wait_event_type = 'Lock'`,
    );
    ended = rows.length;
  }
  expect(await backingUp).toMatchObject({ problem: 'unreachable' });
  await blocker.query('rollback');
  blocker.release();
});

/** A backup of no rows, with these values in its three frames. */
function whole(values: readonly unknown[]): Buffer {
  const frames = Buffer.concat(values.map((value, index) => frame('BTE'.charAt(index), JSON.stringify(value))));
  return gzipSync(Buffer.concat([frames, frame('C', createHash('sha256').update(frames).digest())]));
}

function frame(kind: string, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const head = Buffer.alloc(5);
  head.write(kind);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}
