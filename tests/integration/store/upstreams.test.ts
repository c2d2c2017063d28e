import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { LeaseLost } from '../../../src/store/store.ts';
import { testDatabase } from '../../support/postgres.ts';
import { leased, newTaskId } from './examples.ts';

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

const freshUpstream = () => `https://${newTaskId()}.example`;
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000);

test('of an upstream that was never used nothing is known', async () => {
  const upstream = freshUpstream();
  expect(await store.upstreams.state(upstream)).toEqual({ failures: 0 });
  await store.upstreams.succeeded(upstream);
  expect(await store.upstreams.state(upstream)).toEqual({ failures: 0 });
});

test('a pause lasts until its time, and a shorter one does not end it', async () => {
  const upstream = freshUpstream();
  const until = inSeconds(60);
  await store.upstreams.pause(upstream, inSeconds(-5));
  expect(await store.upstreams.state(upstream)).toEqual({ failures: 0 });
  await store.upstreams.pause(upstream, until);
  await store.upstreams.pause(upstream, inSeconds(30));
  await store.upstreams.succeeded(upstream);
  expect(await store.upstreams.state(upstream)).toEqual({ failures: 0, pausedUntil: until });
});

test('failures are counted over all processes, and a success forgets them', async () => {
  const upstream = freshUpstream();
  const counts = await Promise.all(Array.from({ length: 20 }, () => store.upstreams.failed(upstream)));
  expect(counts.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  expect(await store.upstreams.state(upstream)).toEqual({ failures: 20 });
  await store.upstreams.succeeded(upstream);
  expect(await store.upstreams.state(upstream)).toEqual({ failures: 0 });
  expect(await store.upstreams.failed(upstream)).toBe(1);
});

test('of many who want to probe one may, and the next one when its time is over or an answer came', async () => {
  const upstream = freshUpstream();
  const ask = (seconds: number) =>
    Promise.all(Array.from({ length: 20 }, (_, index) => store.upstreams.probe(upstream, String(index), seconds)));
  expect((await ask(60)).filter(Boolean)).toHaveLength(1);
  expect((await ask(60)).filter(Boolean)).toHaveLength(0);
  await store.upstreams.succeeded(upstream);
  expect(await store.upstreams.probe(upstream, 'a', 0)).toBe(true);
  expect(await store.upstreams.probe(upstream, 'b', 60)).toBe(true);
  expect(await store.upstreams.probe(upstream, 'b', 60)).toBe(false);
});

test('the tests of a round are kept once; kept again, they are replaced, and only by who drives the task', async () => {
  const writer = await leased(store);
  const { taskId } = writer;
  const run = { command: 'npm test', directory: '.', exitCode: null, passed: 1, failed: 2, skipped: 3 };
  expect(await store.tests.of(taskId, 0)).toBeUndefined();
  await store.tests.keep(writer, 0, { runs: [] });
  await store.tests.keep(writer, 1, { runs: [run], tests: [{ name: 'adds\0', outcome: 'passed' }] });
  expect(await store.tests.of(taskId, 0)).toEqual({ runs: [] });
  expect(await store.tests.of(taskId, 1)).toEqual({ runs: [run], tests: [{ name: 'adds\uFFFD', outcome: 'passed' }] });
  const many = Array.from({ length: 20_000 }, (_, index) => ({ name: `test ${index}`, outcome: 'skipped' }) as const);
  await store.tests.keep(writer, 1, { runs: [run], tests: many });
  expect(await store.tests.of(taskId, 1)).toEqual({ runs: [run], tests: many });
  await expect(store.tests.keep({ ...writer, attempt: 0 }, 1, { runs: [] })).rejects.toBeInstanceOf(LeaseLost);
  expect((await store.tests.of(taskId, 1))?.tests).toHaveLength(20_000);
});
