import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TaskId } from '../../../src/domain/identifiers.ts';
import type { TaskState } from '../../../src/domain/task-state.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
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

async function typesOf(taskId: TaskId): Promise<string[]> {
  return (await store.events.read({ after: 0, taskId }, 100)).map(({ type }) => type);
}

test('of many tasks for one request, one is made, with the news of it alone', async () => {
  const tasks = Array.from({ length: 8 }, () => exampleTask());
  const made = await Promise.all(tasks.map((task) => store.tasks.createOnce(task, [acceptedNews(task)], 'message-1')));
  expect(made.filter(Boolean)).toHaveLength(1);
  const first = tasks[made.indexOf(true)];
  expect((await store.tasks.ofRequest('message-1'))?.id).toBe(first?.id);
  const told = (await store.events.read({ after: 0 }, 1000)).filter(({ taskId }) =>
    tasks.some(({ id }) => id === taskId),
  );
  expect(told.map(({ taskId }) => taskId)).toEqual([first?.id]);
  expect(await store.tasks.ofRequest('message-2')).toBeUndefined();
});

test('tasks without a key are never the same', async () => {
  const tasks = [exampleTask(), exampleTask()];
  const made = await Promise.all(tasks.map((task) => store.tasks.createOnce(task, [acceptedNews(task)])));
  expect(made).toEqual([true, true]);
});

test('the files that came with a task are known of it', async () => {
  const { id } = await saved(store, { attachments: ['attachments/a/plan.pdf'] });
  expect((await store.tasks.get(id))?.attachments).toEqual(['attachments/a/plan.pdf']);
});

const analysis = {
  complexity: 'simple',
  strategy: 'simple',
  language: { name: 'Python', confidence: 0.85 },
} as const;

test('a task is reworded as long as no prompt was spent for it, with the news', async () => {
  const writer = await leased(store);
  const { taskId } = writer;
  expect(await store.tasks.reword(taskId, 'Create a todo list')).toBe(true);
  await store.tasks.advance(writer, { kind: 'analysed', analysis, baseline: 'done' }, []);
  expect(await store.tasks.reword(taskId, 'Create two todo lists')).toBe(true);
  const start = await store.tasks.beginRound(writer, working(1), [], []);
  expect(start).toMatchObject({ kind: 'begun', task: { text: 'Create two todo lists' } });
  expect(await store.tasks.reword(taskId, 'Too late')).toBe(false);
  expect((await store.tasks.get(taskId))?.text).toBe('Create two todo lists');
  expect(await typesOf(taskId)).toEqual(['task.accepted', 'task.reworded', 'task.reworded']);
});

test('whatever races, the first prompt is asked for with the text of the row, or the rewording is refused', async () => {
  for (let round = 0; round < 20; round += 1) {
    const writer = await leased(store);
    const [start, isReworded] = await Promise.all([
      store.tasks.beginRound(writer, working(1), [], []),
      store.tasks.reword(writer.taskId, 'new'),
    ]);
    if (start.kind !== 'begun') throw new Error('the first prompt was refused');
    expect(start.task.text === 'new').toBe(isReworded);
    expect((await store.tasks.get(writer.taskId))?.text).toBe(start.task.text);
  }
});

test.each<[string, Parameters<typeof saved>[1]]>([
  ['agents who talk about it', { talk: { conversationId: 'c' as never, topic: 'work', members: ['developer'] } }],
  ['a project', { project: 'p' as TaskId }],
  ['work on a tool', { toolRequest: 'r' as never }],
  ['a tool that nobody uses', { retires: 'days-between' }],
])('a task of %s is not reworded', async (_whose, changes) => {
  const { id, text } = await saved(store, changes);
  expect(await store.tasks.reword(id, 'new')).toBe(false);
  expect((await store.tasks.get(id))?.text).toBe(text);
});

test.each<[string, TaskState]>([
  ['finished', { kind: 'finished', status: 'succeeded' }],
  ['asking', { kind: 'asking' }],
])('a task that is %s is not reworded', async (_how, state) => {
  const writer = await leased(store);
  await store.tasks.advance(writer, state, []);
  expect(await store.tasks.reword(writer.taskId, 'new')).toBe(false);
  expect(await store.tasks.reword('nothing' as TaskId, 'new')).toBe(false);
});
