import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AgentRole } from '../../../src/domain/agent.ts';
import { scopeOfCycle } from '../../../src/domain/cycle.ts';
import type { CycleShare } from '../../../src/store/budgets.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { testDatabase } from '../../support/postgres.ts';
import { leased } from './examples.ts';
import { promptNews, working } from './spending.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let store: Awaited<ReturnType<typeof openPostgresStore>>;
let cycle = 0;

beforeAll(async () => {
  database = await testDatabase();
  store = await openPostgresStore({ databaseUrl: database.url });
});

afterAll(async () => {
  await store?.close();
  await database?.drop();
});

/** The shares of two agents in a cycle that no other test uses. */
function shares(donorPrompts = 10, neededPrompts = 0) {
  cycle += 1;
  const of = (agent: AgentRole, prompts: number): CycleShare => ({
    agent,
    limit: { scope: scopeOfCycle(agent, { number: cycle }), limit: { prompts }, renewsAt: '2026-11-23T00:00:00.000Z' },
  });
  return {
    from: of('quality-assurance', donorPrompts),
    to: of('developer', neededPrompts),
    within: { scope: `moves:${cycle}`, limit: { prompts: 7 } } as const,
  };
}

const grantedTo = async ({ limit }: CycleShare) => (await store.budgets.standing(limit.scope)).granted.prompts;

test('prompts that are moved are there for one agent and gone for the other, and it is told', async () => {
  const writer = await leased(store);
  const { from, to } = shares();
  expect(await store.budgets.move(writer.taskId, { from, to, prompts: 4 }, 'human')).toBe(true);
  expect([await grantedTo(from), await grantedTo(to)]).toEqual([-4, 4]);
  const [, moved] = await store.events.read({ after: 0, taskId: writer.taskId }, 10);
  expect(moved).toMatchObject({ type: 'budget.moved', from: from.agent, to: to.agent, prompts: 4, by: 'human' });

  const start = await store.tasks.beginRound(writer, working(1), [promptNews(writer.taskId, 1)], [to.limit]);
  expect(start.kind).toBe('begun');
});

test('a limit of a cycle that is reached says when there is room again', async () => {
  const writer = await leased(store);
  const { to } = shares();
  const start = await store.tasks.beginRound(writer, working(1), [], [to.limit]);
  expect(start).toEqual({
    kind: 'short',
    shortage: { scope: to.limit.scope, measure: 'prompts', limit: 0, spent: 0, renewsAt: to.limit.renewsAt },
  });
});

test('nobody gives away more than they have, to themselves, or from what has no limit', async () => {
  const { taskId } = await leased(store);
  const { from, to } = shares(3);
  const unlimited = { ...from, limit: { scope: from.limit.scope, limit: {} } };
  expect(await store.budgets.move(taskId, { from, to, prompts: 4 }, 'human')).toBe(false);
  expect(await store.budgets.move(taskId, { from, to: from, prompts: 1 }, 'human')).toBe(false);
  expect(await store.budgets.move(taskId, { from: unlimited, to, prompts: 1 }, 'human')).toBe(false);
  expect(await store.budgets.move(taskId, { from, to, prompts: 0 }, 'human')).toBe(false);
  expect([await grantedTo(from), await grantedTo(to)]).toEqual([0, 0]);
});

test('of twenty moves at the same moment no more happen than there is to give, nor than their bound lets', async () => {
  const { taskId } = await leased(store);
  const { from, to, within } = shares(10);
  const free = await Promise.all(
    Array.from({ length: 20 }, () => store.budgets.move(taskId, { from, to, prompts: 3 }, 'human')),
  );
  expect(free.filter(Boolean)).toHaveLength(3);
  const bounded = shares(10);
  const within7 = await Promise.all(
    Array.from({ length: 20 }, () =>
      store.budgets.move(taskId, { from: bounded.from, to: bounded.to, prompts: 3, within }, 'project-manager'),
    ),
  );
  expect(within7.filter(Boolean)).toHaveLength(2);
  expect(await grantedTo(bounded.to)).toBe(6);
});
