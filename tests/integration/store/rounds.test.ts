import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BudgetScope } from '../../../src/domain/budget.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { LeaseLost } from '../../../src/store/store.ts';
import { testDatabase } from '../../support/postgres.ts';
import { leased, newTaskId, saved } from './examples.ts';
import { promptNews, working } from './spending.ts';

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

function freshScope(): BudgetScope {
  return `night:${newTaskId()}`;
}

async function promptsIn(scope: BudgetScope) {
  return (await store.budgets.standing(scope)).spent.prompts;
}

test('a round that begins is saved with its news, and its prompt is counted in every scope', async () => {
  const writer = await leased(store);
  const { taskId } = writer;
  const [limited, unlimited] = [freshScope(), freshScope()];
  const limits = [
    { scope: `task:${taskId}`, limit: { prompts: 0 } },
    { scope: limited, limit: { prompts: 2 } },
    { scope: unlimited, limit: {} },
  ] as const;
  const start = await store.tasks.beginRound(writer, working(1), [promptNews(taskId, 1)], limits);
  expect(start).toMatchObject({ kind: 'begun', task: { id: taskId, state: working(1) } });
  expect(await store.tasks.get(taskId)).toMatchObject({ state: working(1), promptsUsed: 1 });
  for (const scope of [limited, unlimited, `task:${taskId}`] as const) expect(await promptsIn(scope)).toBe(1);
});

test('a task has no more prompts than its own limit, whatever other limits allow', async () => {
  const writer = await leased(store, { promptLimit: 1 });
  const { taskId } = writer;
  const limits = [{ scope: freshScope(), limit: { prompts: 9 } }];
  await store.tasks.beginRound(writer, working(1), [promptNews(taskId, 1)], limits);
  const short = { kind: 'short', shortage: { scope: `task:${taskId}`, measure: 'prompts', limit: 1, spent: 1 } };
  expect(await store.tasks.beginRound(writer, working(2), [promptNews(taskId, 2)], limits)).toEqual(short);
  expect(await store.tasks.get(taskId)).toMatchObject({ state: working(1), promptsUsed: 1 });
  await store.budgets.grant(taskId, `task:${taskId}`, 'prompts', 1, 'human');
  expect(await store.tasks.beginRound(writer, working(2), [promptNews(taskId, 2)], limits)).toMatchObject({
    kind: 'begun',
    task: { promptLimit: 2 },
  });
});

test('when one limit is short nothing is changed in any, and the one with the least room is named', async () => {
  const writer = await leased(store);
  const [wide, tight, tighter] = [freshScope(), freshScope(), freshScope()];
  const limits = [
    { scope: wide, limit: { prompts: 9 } },
    { scope: tight, limit: { prompts: 0 } },
    { scope: tighter, limit: { prompts: -1 } },
  ];
  const before = await store.tasks.get(writer.taskId);
  expect(await store.tasks.beginRound(writer, working(1), [promptNews(writer.taskId, 1)], limits)).toEqual({
    kind: 'short',
    shortage: { scope: tighter, measure: 'prompts', limit: -1, spent: 0 },
  });
  expect(await store.tasks.get(writer.taskId)).toEqual(before);
  expect(await promptsIn(wide)).toBe(0);
  await store.budgets.grant(writer.taskId, tight, 'prompts', 1, 'human');
  await store.budgets.grant(writer.taskId, tighter, 'prompts', 2, 'human');
  expect(await store.tasks.beginRound(writer, working(1), [promptNews(writer.taskId, 1)], limits)).toMatchObject({
    kind: 'begun',
  });
});

test('whoever lost the lease, or came to a finished task, spends nothing', async () => {
  const writer = await leased(store);
  const limits = [{ scope: freshScope(), limit: { prompts: 9 } }] as const;
  const late = { ...writer, attempt: writer.attempt - 1 };
  await expect(store.tasks.beginRound(late, working(1), [], limits)).rejects.toBeInstanceOf(LeaseLost);
  await store.tasks.advance(writer, { kind: 'finished', status: 'failed' }, []);
  await expect(store.tasks.beginRound(writer, working(1), [], limits)).rejects.toBeInstanceOf(LeaseLost);
  expect(await promptsIn(limits[0].scope)).toBe(0);
});

test('a task keeps its repository and its night, and its worktree until that is released', async () => {
  const repository = { path: '/home/me/shop', branch: 'spiral/x', base: 'abc' };
  const night = { name: '2026-11-22', deadline: '2026-11-23T06:00:00.000Z' };
  const task = await saved(store, { repository, night });
  await saved(store, { night });
  expect(await store.tasks.get(task.id)).toMatchObject({ repository, night });
  expect((await store.tasks.worktrees()).map(({ id }) => id)).toEqual([task.id]);
  expect(await store.tasks.releaseWorktree(task.id)).toBe(true);
  expect(await store.tasks.releaseWorktree(task.id)).toBe(false);
  expect(await store.tasks.worktrees()).toEqual([]);
});
