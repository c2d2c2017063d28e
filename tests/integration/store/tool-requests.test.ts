import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TaskId, ToolRequestId } from '../../../src/domain/identifiers.ts';
import type { ResumedState } from '../../../src/domain/task-state.ts';
import type { ToolRequestOutcome } from '../../../src/domain/tool-request.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { LeaseLost, type Writer } from '../../../src/store/store.ts';
import type { NewToolRequest } from '../../../src/store/tool-requests.ts';
import { testDatabase } from '../../support/postgres.ts';
import { acceptedNews, exampleTask, leased, saved } from './examples.ts';
import { working } from './spending.ts';

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

const built: ToolRequestOutcome = { kind: 'built', name: 'csv-to-json', version: '1.0.0' };

function wanted(name: string, taskId: TaskId, callId?: string): NewToolRequest {
  const id = randomBytes(4).toString('hex') as ToolRequestId;
  const work = exampleTask({ agent: 'project-manager', toolRequest: id });
  const request = {
    id,
    name,
    description: 'Turns CSV into JSON, with quotes and all',
    urgency: 8,
    importance: 9,
    requirements: ['RFC 4180'],
    examples: [{ name: 'one', input: { csv: 'a\n1' }, output: [{ a: '1' }], error: false }],
    requestedBy: 'developer' as const,
    taskId,
    isBlocking: false,
    workTask: work.id,
    similar: ['tsv-to-json'],
  };
  return { request, work, ...(callId === undefined ? {} : { callId }) };
}

function file(wish: NewToolRequest, writer?: Writer) {
  const accepted = { news: acceptedNews(wish.work) };
  return store.toolRequests.file(wish, accepted, writer && { writer, resume: asleep });
}

const call = { id: 'toolu_1', questions: [{ question: 'The tool', options: [] }], isToolRequest: true as const };
const asleep: ResumedState = { ...working(1), call };

const stateOf = async (id: TaskId) => (await store.tasks.get(id))?.state;
const typesOf = async (taskId: TaskId) => (await store.events.read({ after: 0, taskId }, 100)).map(({ type }) => type);

test('a request is saved with the task that works on it, and the same call files it once', async () => {
  const { id: taskId } = await saved(store);
  const wish = wanted('one-call', taskId, 'toolu_1');
  const first = await file(wish);
  const again = await file(wanted('one-call', taskId, 'toolu_1'));
  expect([first.how, again.how]).toEqual(['new', 'known']);
  expect(again.request).toEqual(first.request);
  expect(await store.toolRequests.ofCall(taskId, 'toolu_1')).toEqual(first.request);
  expect(await store.toolRequests.get(wish.request.id)).toMatchObject({ ...wish.request });
  expect(await store.tasks.get(wish.work.id)).toMatchObject({ toolRequest: wish.request.id, agent: 'project-manager' });
  expect(await typesOf(wish.work.id)).toEqual(['task.accepted', 'tool-request.filed']);
  expect(await store.toolRequests.openOf(taskId)).toBe(1);
});

test('there is one open request for a name, however many ask for it at once; whoever comes later joins it', async () => {
  const askers = await Promise.all(Array.from({ length: 8 }, () => saved(store)));
  const filed = await Promise.all(askers.map(({ id }, index) => file(wanted('wanted-by-many', id, `call-${index}`))));
  expect(filed.filter(({ how }) => how === 'new')).toHaveLength(1);
  expect(new Set(filed.map(({ request }) => request.id)).size).toBe(1);
  const works = (await store.tasks.list(100)).filter(({ toolRequest }) => toolRequest === filed[0]?.request.id);
  expect(works).toHaveLength(1);
  await store.toolRequests.close(filed[0]?.request.id as ToolRequestId, built);
  // Once it is closed the name is free for another request.
  expect((await file(wanted('wanted-by-many', askers[0]?.id as TaskId))).how).toBe('new');
});

test('whoever sleeps for a request goes on when it is closed, told what became of it, once', async () => {
  const writer = await leased(store);
  const wish = wanted('slept-for', writer.taskId, 'toolu_1');
  await file(wish, writer);
  expect(await stateOf(writer.taskId)).toEqual({
    kind: 'waiting',
    for: { kind: 'tool', requestId: wish.request.id, name: 'slept-for' },
    resume: asleep,
  });
  expect(await store.toolRequests.demandFor(wish.request)).toEqual({ filed: 0, sleeping: 1 });
  expect(await store.toolRequests.close(wish.request.id, built)).toBe(true);
  expect(await store.toolRequests.close(wish.request.id, { kind: 'failed', reason: 'no' })).toBe(false);
  expect(await stateOf(writer.taskId)).toEqual({
    ...asleep,
    call: { ...call, words: expect.stringContaining('The tool csv-to-json 1.0.0 is there') },
  });
  expect(await typesOf(writer.taskId)).toEqual(['task.accepted', 'task.waiting', 'task.resumed']);
  expect((await store.toolRequests.get(wish.request.id))?.outcome).toEqual(built);
});

test('whoever falls asleep in the moment in which the request is closed does not sleep for ever', async () => {
  for (let round = 0; round < 20; round += 1) {
    const name = `closing-${round}`;
    const { id: first } = await saved(store);
    const wish = wanted(name, first);
    await file(wish);
    const writer = await leased(store);
    await Promise.all([
      file(wanted(name, writer.taskId, 'toolu_1'), writer),
      store.toolRequests.close(wish.request.id, built),
    ]);
    const state = await stateOf(writer.taskId);
    // It joined and was woken, or came later and asks anew.
    if (state?.kind === 'waiting') {
      expect(state.for).not.toMatchObject({ requestId: wish.request.id });
    } else expect(state).toMatchObject({ kind: 'working', call: { words: expect.stringContaining('is there') } });
  }
});

test('whoever lost its lease files nothing and does not sleep', async () => {
  const writer = await leased(store);
  const wish = wanted('lost', writer.taskId, 'toolu_1');
  await expect(file(wish, { ...writer, attempt: writer.attempt + 1 })).rejects.toBeInstanceOf(LeaseLost);
  expect(await store.toolRequests.get(wish.request.id)).toBeUndefined();
  expect(await store.tasks.get(wish.work.id)).toBeUndefined();
});
