import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forgetOldRecords } from '../../../src/discord/follow/old-records.ts';
import { surface } from '../../../src/discord/outbox/posts.ts';
import type { TaskReport } from '../../../src/spiral/reports.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { testDatabase } from '../../support/postgres.ts';
import { recordsIn } from './outbox-needs.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let store: Awaited<ReturnType<typeof openPostgresStore>>;

beforeAll(async () => {
  database = await testDatabase();
  store = await openPostgresStore({ databaseUrl: database.url });
});
afterAll(async () => {
  await store?.close();
  await database?.drop();
});

/** Tasks that are there; every other one was deleted. */
const tasks: Record<string, string> = { over: 'finished', works: 'working', fresh: 'finished' };
const spiral = {
  findTasks: async (id: string) => (tasks[id] ? [{ id, state: { kind: tasks[id] } }] : []) as unknown as TaskReport[],
};

async function saveAt(days: number, rows: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [key, value] of Object.entries(rows)) await store.surfaces.put(surface, key, value);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(
    `update spiral.surface_records set saved_at = clock_timestamp() - make_interval(days => $1) where key = any($2)`,
    [days, Object.keys(rows)],
  );
  await client.end();
}

test('what leads to tasks that are over is forgotten after thirty days, and nothing else', async () => {
  await saveAt(40, {
    'shows:1': 'task:over:card',
    'said:2': 'over',
    'thread:3': 'over',
    'seen:3': '99',
    'shows:4': 'task:deleted:card',
    'shows:5': 'reply:77',
    'reply:77:post': {},
    'deciding:q': 'ada',
  });
  const kept = {
    'shows:10': 'task:works:card',
    'thread:11': 'works',
    'seen:11': '98',
    // A channel in which nobody wrote for long: what comes next is found by it.
    'seen:12': '97',
    'said:13': 'fresh',
    'thread:14': 'fresh',
    cursor: 5,
  };
  await saveAt(40, kept);
  await saveAt(29, { 'shows:15': 'task:fresh:report:0', 'reply:78:post': {} });
  await forgetOldRecords({ records: recordsIn(store), spiral }, new Date());
  const left = (await store.surfaces.all(surface, '')).map(({ key }) => key);
  expect(left.toSorted()).toEqual([...Object.keys(kept), 'shows:15', 'reply:78:post'].toSorted());
});
