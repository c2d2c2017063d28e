import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { testDatabase } from '../../support/postgres.ts';
import { leased } from './examples.ts';

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

test('what a surface remembers is given back as it was, and another surface knows nothing of it', async () => {
  const { surfaces } = store;
  const value = { channel: '1', message: '2', lines: ['a', null, 3.5], 'odd\u0000key': true };
  await surfaces.put('discord', 'card', value);
  expect(await surfaces.get('discord', 'card')).toEqual({ ...value, 'odd\u0000key': undefined, 'odd\uFFFDkey': true });
  expect(await surfaces.get('http', 'card')).toBeUndefined();
  await surfaces.put('discord', 'card', 'other');
  expect(await surfaces.get('discord', 'card')).toBe('other');
  await surfaces.delete('discord', 'card');
  expect(await surfaces.get('discord', 'card')).toBeUndefined();
  await surfaces.delete('discord', 'card');
});

test('of many that remember a thing once, one does, and its value stays', async () => {
  const tries = Array.from({ length: 8 }, (_, index) => store.surfaces.putOnce('discord', 'once', index));
  const first = (await Promise.all(tries)).flatMap((isFirst, index) => (isFirst ? [index] : []));
  expect(first).toHaveLength(1);
  expect(await store.surfaces.get('discord', 'once')).toBe(first[0]);
});

test('records are found by the beginning of their keys, oldest first, whatever signs are in them', async () => {
  for (const key of ['p%:b', 'p%:a', 'pX:c', 'p_:d']) await store.surfaces.put('discord', key, key);
  await store.pool.query(
    `update spiral.surface_records set saved_at = saved_at - interval '1 hour' where key = 'p%:b'`,
  );
  const found = await store.surfaces.all('discord', 'p%:');
  expect(found).toEqual([
    { key: 'p%:b', value: 'p%:b', savedAt: expect.any(Date) },
    { key: 'p%:a', value: 'p%:a', savedAt: expect.any(Date) },
  ]);
  expect(await store.surfaces.all('http', 'p')).toEqual([]);
});

test('what was remembered of a task goes with it, and of no other', async () => {
  const [old, young] = [await leased(store), await leased(store)];
  for (const { taskId } of [old, young]) {
    await store.surfaces.put('discord', `task:${taskId}`, 1);
    await store.surfaces.put('discord', `task:${taskId}:card`, 1);
    await store.surfaces.put('discord', `note:${taskId}`, 1);
  }
  await store.tasks.advance(old, { kind: 'finished', status: 'succeeded' }, []);
  const later = new Date(Date.now() + 60_000);
  expect(await store.upkeep.prune({ olderThan: later })).toEqual([old.taskId]);
  expect((await store.surfaces.all('discord', 'task:')).map(({ key }) => key)).toEqual([
    `task:${young.taskId}`,
    `task:${young.taskId}:card`,
  ]);
  expect(await store.surfaces.all('discord', 'note:')).toHaveLength(2);
});
