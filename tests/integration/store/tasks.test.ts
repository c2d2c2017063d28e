import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MachineId, TaskId } from '../../../src/domain/identifiers.ts';
import type { TaskOutcome } from '../../../src/domain/outcome.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { LeaseLost } from '../../../src/store/store.ts';
import { testDatabase } from '../../support/postgres.ts';
import { acceptedNews, exampleTask, holder, leased, newTaskId, progress, saved } from './examples.ts';

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

async function eventsOf(taskId: TaskId) {
  return store.events.read({ after: 0, taskId }, 1000);
}

test('a task is saved together with the event that it was accepted', async () => {
  const task = exampleTask({ continues: newTaskId() });
  const created = await store.tasks.create(task, acceptedNews(task));
  expect(created).toEqual({
    ...task,
    state: { kind: 'accepted' },
    cancelRequested: false,
    isHeld: false,
    attempt: 0,
    createdAt: expect.any(Date),
  });
  const summary = await store.tasks.get(task.id);
  expect(summary).toEqual({ ...created, promptsUsed: 0, costUsd: 0, lastNewsAt: expect.any(Date) });
  const [event] = await eventsOf(task.id);
  expect(event).toEqual({ id: expect.any(Number), at: expect.any(String), ...acceptedNews(task) });
  expect(summary?.lastNewsAt.toISOString()).toBe(event?.at);
  expect(await store.events.newest(task.id)).toEqual(event);
  expect(event?.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(Math.abs(Date.parse(event?.at ?? '') - Date.now())).toBeLessThan(60_000);
});

test('an event keeps the order of the fields in which it was told', async () => {
  const task = await saved(store);
  const [event] = await eventsOf(task.id);
  expect(Object.keys(event ?? {})).toEqual(['id', 'at', ...Object.keys(acceptedNews(task))]);
});

test('an unknown task is undefined, and nothing can be asked of it', async () => {
  const id = newTaskId();
  expect(await store.tasks.get(id)).toBeUndefined();
  expect(await store.tasks.requestCancel(id)).toBe(false);
  expect(await store.tasks.renew({ taskId: id, attempt: 0 }, 5)).toEqual({
    kept: false,
    cancelRequested: false,
    isHeld: false,
  });
  await expect(store.tasks.append({ taskId: id, attempt: 0 }, [])).rejects.toBeInstanceOf(LeaseLost);
});

test('a state survives with all that it carries', async () => {
  const writer = await leased(store);
  const analysis = {
    complexity: 'medium',
    strategy: 'multi-step',
    language: { name: 'Rust', confidence: 0.85 },
  } as const;
  const state = {
    kind: 'verified',
    analysis,
    round: 2,
    verdict: { kind: 'failed', failures: 'two\nlines', stalled: false },
  } as const;
  expect((await store.tasks.advance(writer, state, [])).state).toEqual(state);
  expect((await store.tasks.get(writer.taskId))?.state).toEqual(state);
});

test('tasks are found by the beginning of their id, at most ten, and wildcards mean nothing', async () => {
  const ids = Array.from({ length: 12 }, (_, index) => `zz${index.toString(36)}${newTaskId().slice(0, 5)}` as TaskId);
  for (const id of ids) await saved(store, { id });
  expect(await store.tasks.find('zz')).toHaveLength(10);
  expect((await store.tasks.find(ids[3] ?? '')).map(({ id }) => id)).toEqual([ids[3]]);
  expect(await store.tasks.find('z%')).toEqual([]);
  expect(await store.tasks.find('z_')).toEqual([]);
  expect(await store.tasks.find('zz\0')).toEqual([]);
});

test('the list is newest first, and what is unfinished on a machine oldest first', async () => {
  const machine = 'machine-of-order' as MachineId;
  const first = await saved(store, { machine });
  const done = await leased(store, { machine });
  const last = await saved(store, { machine });
  await store.tasks.advance(done, { kind: 'finished', status: 'failed' }, []);
  expect((await store.tasks.list(3)).map(({ id }) => id)).toEqual([last.id, done.taskId, first.id]);
  expect((await store.tasks.unfinished(machine)).map(({ id }) => id)).toEqual([first.id, last.id]);
});

test('prompts and cost are what the events say, told twice under one key or not', async () => {
  const writer = await leased(store);
  const { taskId } = writer;
  const spent = { type: 'prompt.spent', taskId, agent: 'developer', round: 1, used: 1, limit: 50 } as const;
  const finished = {
    type: 'engine.finished',
    taskId,
    sessionId: exampleTask().sessionId,
    round: 1,
    turns: 3,
    costUsd: 0.1,
    inputTokens: 10,
    outputTokens: 20,
    durationMs: 30,
  } as const;
  const news = [
    { news: spent, key: 'prompt-1' },
    { news: finished, key: 'round-1' },
  ];
  await store.tasks.append(writer, news);
  await store.tasks.append(writer, news);
  await store.tasks.append(writer, [{ news: { ...finished, costUsd: 0.2 }, key: 'round-2' }]);
  expect(await store.tasks.get(taskId)).toMatchObject({ promptsUsed: 1, costUsd: 0.3 });
});

test('news under a key is recorded once for its task, even within one call, and without a key every time', async () => {
  const [one, other] = [await leased(store), await leased(store)];
  const told = (taskId: TaskId) => ({ news: progress(taskId, 'keyed'), key: 'tool-1' });
  await store.tasks.append(one, [told(one.taskId), told(one.taskId), { news: progress(one.taskId, 'free') }]);
  await store.tasks.append(one, [told(one.taskId), { news: progress(one.taskId, 'free') }]);
  await store.tasks.append(other, [told(other.taskId)]);
  const texts = (await eventsOf(one.taskId)).flatMap((event) => (event.type === 'progress' ? [event.text] : []));
  expect(texts).toEqual(['keyed', 'free', 'free']);
  expect(await eventsOf(other.taskId)).toHaveLength(2);
});

test('ten thousand events of one call are recorded in their order', async () => {
  const writer = await leased(store);
  const count = 10_000;
  const news = Array.from({ length: count }, (_, index) => ({ news: progress(writer.taskId, String(index)) }));
  await store.tasks.append(writer, news);
  const events = await store.events.read({ after: 0, taskId: writer.taskId }, count + 1);
  const texts = events.flatMap((event) => (event.type === 'progress' ? [Number(event.text)] : []));
  expect(texts).toEqual(Array.from({ length: count }, (_, index) => index));
});

test('output is kept in order, and a second piece of the same key is dropped', async () => {
  const writer = await leased(store);
  const piece = (key: string, text: string) => ({ round: 1, key, kind: 'command', title: 'ls', text }) as const;
  await store.tasks.append(writer, [], [piece('b', 'first'), piece('a', 'second')]);
  await store.tasks.append(writer, [], [piece('a', 'again'), piece('c', 'third')]);
  expect(await store.tasks.output(writer.taskId)).toEqual([
    piece('b', 'first'),
    piece('a', 'second'),
    piece('c', 'third'),
  ]);
});

test('characters that the server refuses are replaced, wherever they are', async () => {
  const bad = 'a\0b\ud800c\udc00d 😀';
  const good = 'a\uFFFDb\uFFFDc\uFFFDd 😀';
  const writer = await leased(store, { text: bad });
  const { taskId } = writer;
  const ended = { kind: 'ended', ending: { status: 'failed', verified: false, reason: bad } } as const;
  const piece = { round: 1, key: bad, kind: 'model', title: bad, text: bad } as const;
  await store.tasks.append(writer, [{ news: progress(taskId, bad), key: bad }], [piece]);
  await store.tasks.advance(writer, ended, [{ news: progress(taskId, `${bad}!`), key: bad }]);
  const task = await store.tasks.get(taskId);
  expect(task?.text).toBe(good);
  expect(task?.state).toEqual({ ...ended, ending: { ...ended.ending, reason: good } });
  expect((await eventsOf(taskId)).at(-1)).toMatchObject({ text: good });
  expect(await store.tasks.output(taskId)).toEqual([{ ...piece, key: good, title: good, text: good }]);
});

test('the outcome of a task is that of the event which ended it', async () => {
  const writer = await leased(store);
  const { taskId } = writer;
  expect(await store.tasks.outcome(taskId)).toBeUndefined();
  const outcome: TaskOutcome = {
    status: 'succeeded',
    verified: true,
    filesCreated: ['a.ts'],
    filesModified: [],
    filesDeleted: [],
    commands: [{ command: 'npm test', exitCode: 0, success: true }],
    tests: { passed: 1, failed: 0, skipped: 0, commands: ['npm test'] },
    costUsd: 0.1,
    promptsUsed: 1,
    durationMs: 10,
    summary: '1 file created; 1 tests passed, 0 failed',
  };
  const news = [{ news: { type: 'task.finished', taskId, outcome }, key: 'finished' }] as const;
  await store.tasks.advance(writer, { kind: 'finished', status: 'succeeded' }, news);
  await store.tasks.append(writer, [{ news: progress(taskId, 'afterwards') }]);
  expect(await store.tasks.outcome(taskId)).toEqual(outcome);
});

test('a wish to cancel reaches the one who renews, until the task is finished', async () => {
  const writer = await leased(store);
  expect(await store.tasks.renew(writer, 60)).toEqual({ kept: true, cancelRequested: false, isHeld: false });
  expect(await store.tasks.requestCancel(writer.taskId)).toBe(true);
  expect(await store.tasks.renew(writer, 60)).toEqual({ kept: true, cancelRequested: true, isHeld: false });
  await store.tasks.advance(writer, { kind: 'finished', status: 'cancelled' }, []);
  expect(await store.tasks.requestCancel(writer.taskId)).toBe(false);
});

test('times are the same whatever the time zone and the date style of the database', async () => {
  const other = await testDatabase();
  const plain = await openPostgresStore({ databaseUrl: other.url });
  try {
    const name = new URL(other.url).pathname.slice(1);
    await plain.pool.query(`alter database ${name} set timezone to 'Asia/Kathmandu'`);
    await plain.pool.query(`alter database ${name} set datestyle to 'SQL, DMY'`);
    const strange = await openPostgresStore({ databaseUrl: other.url });
    const task = await saved(strange);
    const [here, there] = [await plain.tasks.get(task.id), await strange.tasks.get(task.id)];
    expect(there?.createdAt).toEqual(here?.createdAt);
    expect(await strange.events.read({ after: 0 }, 1)).toEqual(await plain.events.read({ after: 0 }, 1));
    expect(Math.abs((there?.createdAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    await strange.close();
  } finally {
    await plain.close();
    await other.drop();
  }
});

test('a finished task stays finished: nobody leases it, no other state replaces it', async () => {
  const writer = await leased(store);
  await store.tasks.advance(writer, { kind: 'finished', status: 'succeeded' }, []);
  expect(await store.tasks.lease(writer.taskId, holder, 5)).toEqual({ kind: 'finished' });
  await expect(store.tasks.advance(writer, { kind: 'accepted' }, [])).rejects.toBeInstanceOf(LeaseLost);
  const finishedAt = (await store.tasks.get(writer.taskId))?.finishedAt;
  await store.tasks.advance(writer, { kind: 'finished', status: 'succeeded' }, []);
  expect(await store.tasks.get(writer.taskId)).toMatchObject({ finishedAt });
});

test('of several processes that save a task of one id at once, one saves it and its news, and the others nothing', async () => {
  const tasks = Array.from({ length: 5 }, () => exampleTask({ id: 'derived1' as TaskId }));
  const created = await Promise.all(
    tasks.map((task) => store.tasks.createOnce(task, [acceptedNews(task), progress(task.id, 'told')])),
  );
  expect(created.filter(Boolean)).toHaveLength(1);
  expect((await eventsOf('derived1' as TaskId)).map(({ type }) => type)).toEqual(['task.accepted', 'progress']);
  expect(await store.tasks.get('derived1' as TaskId)).toMatchObject({ state: { kind: 'accepted' } });
});
