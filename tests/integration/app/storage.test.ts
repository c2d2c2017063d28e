import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStorage } from '../../../src/app/storage.ts';
import { Secret } from '../../../src/config/secret.ts';
import { embeddedStatus, stopEmbeddedPostgres } from '../../../src/store/postgres/embedded/embedded-postgres.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { testDatabase } from '../../support/postgres.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'spiral-storage-'));
});

afterEach(async () => {
  await stopEmbeddedPostgres(home);
  await rm(home, { recursive: true, force: true });
});

const nothingConfigured = { database: {}, queue: {} };
const ignore = () => undefined;

test('until somebody asks for it nothing is set up', async () => {
  await openStorage(nothingConfigured, home, ignore).close();
  expect(await embeddedStatus(home)).toEqual({ kind: 'absent' });
});

test('a server that was begun and never used is stopped when it is closed', async () => {
  const storage = openStorage(nothingConfigured, home, ignore);
  storage.begin();
  await storage.close();
  expect(await embeddedStatus(home)).toMatchObject({ kind: 'stopped' });
});

test('store and queue that are asked for at the same moment find their tables in one new database', async () => {
  const storage = openStorage(nothingConfigured, home, ignore);
  const [store, queue] = await Promise.all([storage.store(), storage.queue()]);
  await queue.add('lane', 'one', { kind: 'advance-task', taskId: 'one' });
  expect(await queue.pending('lane')).toEqual(['one']);
  expect(await store.tasks.list(1)).toEqual([]);
  await storage.close();
  expect(await embeddedStatus(home)).toMatchObject({ kind: 'stopped' });
});

test('in a database that the store refuses nothing is made for the queue', async () => {
  const database = await testDatabase();
  const made = await openPostgresStore({ databaseUrl: database.url });
  await made.pool.query(`insert into spiral.migrations (hash, created_at) values ('x', 99999999999999)`);
  await made.close();
  const storage = openStorage({ database: { url: new Secret(database.url) }, queue: {} }, home, ignore);
  await expect(storage.queue()).rejects.toMatchObject({ message: expect.stringContaining('newer version') });
  await storage.close();

  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query(`select nspname from pg_namespace where nspname in ('spiral', 'bullmq')`);
  expect(rows).toEqual([{ nspname: 'spiral' }]);
  await client.end();
  await database.drop();
});
