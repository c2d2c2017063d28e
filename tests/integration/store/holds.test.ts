import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Holds, openHolds } from '../../../src/store/postgres/holds.ts';
import { testDatabase } from '../../support/postgres.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let ours: Holds;
let theirs: Holds;
const warnings: Error[] = [];
process.on('warning', (warning) => warnings.push(warning));

const client = (name: string) => () => new pg.Client({ connectionString: database.url, application_name: name });

beforeAll(async () => {
  database = await testDatabase();
  ours = openHolds(client('ours'));
  theirs = openHolds(client('theirs'));
});

afterAll(async () => {
  await Promise.all([ours?.close(), theirs?.close()]);
  await database?.drop();
});

/** Ends the connection of that name from outside, as a network would. */
async function cut(name: string): Promise<void> {
  const other = new pg.Client({ connectionString: database.url });
  await other.connect();
  await other.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and datname = current_database()',
    [name],
  );
  await other.end();
}

test('what one has nobody else gets, in the same process or another, until it is released', async () => {
  const hold = await ours.take('one');
  expect(hold).toBeDefined();
  expect(await ours.take('one')).toBeUndefined();
  expect(await theirs.take('one')).toBeUndefined();
  expect(await theirs.take('two')).toBeDefined();
  await hold?.release();
  const next = await theirs.take('one');
  expect(next).toBeDefined();
  // A second release lets go of nothing that somebody else has by then.
  await hold?.release();
  expect(await ours.take('one')).toBeUndefined();
  await next?.release();
});

test('many that take and release at the same moment make no driver warn of it', async () => {
  const holds = await Promise.all(Array.from({ length: 20 }, (_, index) => ours.take(`many-${index}`)));
  await Promise.all(holds.map((hold) => hold?.release()));
  expect(holds).not.toContain(undefined);
  expect(warnings).toEqual([]);
});

test('of twenty callers at the same moment one gets it', async () => {
  const takes = await Promise.all(
    Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? ours : theirs).take('contended')),
  );
  expect(takes.filter((hold) => hold !== undefined)).toHaveLength(1);
});

test('what was held on a connection that is lost is free, and a new connection is opened for the next', async () => {
  const hold = await ours.take('lost');
  expect(hold).toBeDefined();
  await cut('ours');
  await expect.poll(() => theirs.take('lost'), { timeout: 10_000 }).toBeDefined();
  await hold?.release();
  expect(await ours.take('lost')).toBeUndefined();
  expect(await ours.take('other')).toBeDefined();
});
