import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { testDatabase } from '../../support/postgres.ts';
import { exampleVersion } from './tool-examples.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let stores: Awaited<ReturnType<typeof openPostgresStore>>[] = [];

beforeAll(async () => {
  database = await testDatabase();
  stores = await Promise.all([0, 1].map(() => openPostgresStore({ databaseUrl: database.url })));
});

afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await database?.drop();
});

function storeAt(index: number) {
  const store = stores[index % stores.length];
  if (!store) throw new Error('there are two stores');
  return store;
}

test('of many who publish one version with different contents one does, and the others learn of it', async () => {
  const published = await Promise.all(
    Array.from({ length: 16 }, (_, index) =>
      storeAt(index).tools.publish(exampleVersion('contested', '1.0.0', { source: `console.log(${index})` })),
    ),
  );
  expect(published.filter(({ kind }) => kind === 'published')).toHaveLength(1);
  expect(published.filter(({ kind }) => kind === 'taken')).toHaveLength(15);
  expect(await storeAt(0).tools.versions('contested')).toHaveLength(1);
});

test('of many who publish the same contents all find one version, which is told once', async () => {
  const published = await Promise.all(
    Array.from({ length: 16 }, (_, index) => storeAt(index).tools.publish(exampleVersion('agreed'))),
  );
  expect(new Set(published.map((one) => JSON.stringify(one))).size).toBe(1);
  const told = (await storeAt(0).events.read({ after: 0 }, 1_000)).filter(
    (event) => event.type === 'tool.registered' && event.name === 'agreed',
  );
  expect(told).toHaveLength(1);
});

test('publishing, serving and retiring at once leave what the last news says', async () => {
  const name = 'busy';
  await storeAt(0).tools.publish(exampleVersion(name, '1.0.0'));
  await Promise.all(
    Array.from({ length: 40 }, async (_, index) => {
      const { tools } = storeAt(index);
      if (index % 4 === 0) await tools.publish(exampleVersion(name, `1.${index + 1}.0`));
      else if (index % 4 === 1) await tools.serve(name, '1.0.0', 'back');
      else if (index % 4 === 2) await tools.retire(name, 'away');
      else await tools.restore(name);
    }),
  );
  const told = (await storeAt(0).events.read({ after: 0 }, 1_000)).filter(
    (event) => 'name' in event && event.name === name,
  );
  let expected = { served: '', status: '' };
  for (const event of told) {
    if (event.type === 'tool.registered') expected = { served: event.version, status: 'active' };
    else if (event.type === 'tool.served') expected = { ...expected, served: event.version };
    else if (event.type === 'tool.retired') expected = { ...expected, status: 'retired' };
    else if (event.type === 'tool.restored') expected = { ...expected, status: 'active' };
  }
  const tool = await storeAt(1).tools.get(name);
  expect({ served: tool?.manifest.version, status: tool?.status }).toEqual(expected);
});

test('whoever has seen a revision misses no change that was made by then', async () => {
  const { tools } = storeAt(0);
  const publishing = Promise.all(
    Array.from({ length: 30 }, (_, index) => storeAt(index).tools.publish(exampleVersion(`many-${index}`))),
  );
  let isOver = false;
  void publishing.then(() => {
    isOver = true;
  });
  const seen = new Map<number, number>();
  while (!isOver) {
    // The revision first: what is read behind it may be newer, never older.
    const revision = await tools.revision();
    const count = (await tools.list()).length;
    const before = seen.get(revision);
    if (before === undefined) seen.set(revision, count);
  }
  const revision = await tools.revision();
  expect(await tools.revision()).toBe(revision);
  const first = revision - 30;
  // Each change raised it by exactly one, so that every revision stands for at least so many tools.
  const start = (await tools.list()).length - 30;
  for (const [at, count] of seen) expect(count).toBeGreaterThanOrEqual(start + Math.max(0, at - first));
});
