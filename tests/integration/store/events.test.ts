import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SpiralEvent } from '../../../src/domain/event.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { testDatabase } from '../../support/postgres.ts';
import { leased, progress, saved } from './examples.ts';

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

/** Watches until the text "end" is told; `onEvent` may disturb. */
async function watchToEnd(after: number, onEvent: (seen: number) => Promise<void> | void = () => undefined) {
  const stop = new AbortController();
  const seen: SpiralEvent[] = [];
  for await (const event of store.events.watch({ after }, stop.signal)) {
    seen.push(event);
    await onEvent(seen.length);
    if (event.type === 'progress' && event.text === 'end') stop.abort();
  }
  return seen;
}

async function recordedAfter(after: number) {
  return store.events.read({ after }, 100_000);
}

function expectStrictlyRising(events: readonly SpiralEvent[]) {
  const ids = events.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
}

/** Ends every other connection of that name, as a network or an administrator may. */
async function endConnections(like: string) {
  await store.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and application_name like $1`,
    [like],
  );
}

test('a watcher sees what eight writers record at the same time: all of it, once, by rising ids', async () => {
  const after = await store.events.last();
  const writers = await Promise.all(Array.from({ length: 8 }, () => openPostgresStore({ databaseUrl: database.url })));
  const watching = watchToEnd(after);
  const tasks = await Promise.all(writers.map((writer) => leased(writer)));
  const perWriter = 60;
  await Promise.all(
    writers.map(async (writer, number) => {
      const task = tasks[number];
      for (let index = 0; task && index < perWriter; index += 1) {
        await writer.tasks.append(task, [
          { news: progress(task.taskId, `${number}-${index}`) },
          // Draws an id that nobody ever sees.
          { news: progress(task.taskId, 'once'), key: 'once' },
        ]);
      }
    }),
  );
  const [task] = tasks;
  if (task) await store.tasks.append(task, [{ news: progress(task.taskId, 'end') }]);
  const seen = await watching;
  await Promise.all(writers.map((writer) => writer.close()));

  expectStrictlyRising(seen);
  expect(seen).toEqual(await recordedAfter(after));
  expect(seen).toHaveLength(8 + 8 * perWriter + 8 + 1);
  for (const [number, { taskId }] of tasks.entries()) {
    const told = seen.filter((event) => event.taskId === taskId && event.type === 'progress');
    const texts = told.flatMap((event) => (event.type === 'progress' && /^\d+-/.test(event.text) ? [event.text] : []));
    expect(texts).toEqual(Array.from({ length: perWriter }, (_, index) => `${number}-${index}`));
  }
});

test('a watcher loses and repeats nothing when its connections are ended again and again', async () => {
  const after = await store.events.last();
  const writer = await openPostgresStore({ databaseUrl: database.url, applicationName: 'a writer' });
  const task = await leased(writer);
  const watching = watchToEnd(after, async (seen) => {
    if (seen % 40 === 0) await endConnections('spiral%').catch(() => undefined);
  });
  for (let index = 0; index < 200; index += 1) {
    await writer.tasks.append(task, [{ news: progress(task.taskId, String(index)) }]);
  }
  await writer.tasks.append(task, [{ news: progress(task.taskId, 'end') }]);
  const seen = await watching;
  await writer.close();
  expect(seen).toHaveLength(202);
  expect(seen).toEqual(await recordedAfter(after));
});

test('a waiting watcher whose connection is ended hears of what comes later', async () => {
  const after = await store.events.last();
  const watching = watchToEnd(after);
  const task = await leased(store);
  const began = performance.now();
  await endConnections('spiral-watch');
  await store.tasks.append(task, [{ news: progress(task.taskId, 'end') }]);
  expect(await watching).toEqual(await recordedAfter(after));
  // Sooner than by its own look every few seconds.
  expect(performance.now() - began).toBeLessThan(2_500);
});

test('a watcher goes on from where another one stopped, over pages and a restart of the store', async () => {
  const after = await store.events.last();
  const task = await leased(store);
  const news = Array.from({ length: 1_300 }, (_, index) => ({ news: progress(task.taskId, String(index)) }));
  await store.tasks.append(task, news);
  const stop = new AbortController();
  const first: SpiralEvent[] = [];
  for await (const event of store.events.watch({ after }, stop.signal)) {
    first.push(event);
    if (first.length === 700) break;
  }
  await store.tasks.append(task, [{ news: progress(task.taskId, 'end') }]);
  await store.close();
  store = await openPostgresStore({ databaseUrl: database.url });
  const second = await watchToEnd(first.at(-1)?.id ?? 0);
  expect([...first, ...second]).toEqual(await recordedAfter(after));
  expect(first).toHaveLength(700);
});

test('a watcher of one task sees only its events, and is woken by them', async () => {
  const [task, other] = [await leased(store), await leased(store)];
  const stop = new AbortController();
  const seen: SpiralEvent[] = [];
  const watching = (async () => {
    for await (const event of store.events.watch({ after: 0, taskId: task.taskId }, stop.signal)) {
      seen.push(event);
      if (seen.length === 2) stop.abort();
    }
  })();
  await store.tasks.append(other, [{ news: progress(other.taskId, 'not this') }]);
  await store.tasks.append(task, [{ news: progress(task.taskId, 'this') }]);
  await watching;
  expect(seen.map((event) => event.taskId)).toEqual([task.taskId, task.taskId]);
});

test('a watch ends at once when its signal aborts: before it began, while it waits, and within a page', async () => {
  await saved(store);
  await saved(store);
  const before: SpiralEvent[] = [];
  for await (const event of store.events.watch({ after: 0 }, AbortSignal.abort())) before.push(event);
  expect(before).toEqual([]);

  const within = new AbortController();
  const seen: SpiralEvent[] = [];
  for await (const event of store.events.watch({ after: 0 }, within.signal)) {
    seen.push(event);
    within.abort();
  }
  expect(seen).toHaveLength(1);

  const waiting = new AbortController();
  const next = store.events
    .watch({ after: await store.events.last() }, waiting.signal)
    [Symbol.asyncIterator]()
    .next();
  await store.events.last();
  const began = performance.now();
  waiting.abort();
  expect(await next).toEqual({ done: true, value: undefined });
  expect(performance.now() - began).toBeLessThan(100);
});

test('closing the store ends its watches', async () => {
  const other = await openPostgresStore({ databaseUrl: database.url });
  const iterator = other.events
    .watch({ after: await store.events.last() }, new AbortController().signal)
    [Symbol.asyncIterator]();
  const next = iterator.next();
  await other.close();
  await other.close();
  expect((await next).done).toBe(true);
});

test('an event that follows is seen within a moment, not after the next look', async () => {
  const task = await leased(store);
  const stop = new AbortController();
  const iterator = store.events.watch({ after: await store.events.last() }, stop.signal)[Symbol.asyncIterator]();
  const delays: number[] = [];
  for (let index = 0; index < 10; index += 1) {
    const next = iterator.next();
    await store.tasks.append(task, [{ news: progress(task.taskId, 'tick') }]);
    const told = performance.now();
    await next;
    delays.push(performance.now() - told);
  }
  stop.abort();
  expect(Math.min(...delays)).toBeLessThan(100);
  expect(delays.reduce((sum, delay) => sum + delay, 0)).toBeLessThan(2_500);
});

test('the last id is that of the newest event, and 0 in an empty store', async () => {
  const empty = await testDatabase();
  const fresh = await openPostgresStore({ databaseUrl: empty.url });
  expect(await fresh.events.last()).toBe(0);
  expect(await fresh.events.read({ after: 0 }, 10)).toEqual([]);
  await saved(fresh);
  const [event] = await fresh.events.read({ after: 0 }, 10);
  expect(await fresh.events.last()).toBe(event?.id);
  await fresh.close();
  await empty.drop();
});
