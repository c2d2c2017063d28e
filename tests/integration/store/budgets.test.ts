import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BudgetScope, ScopeLimit } from '../../../src/domain/budget.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { testDatabase } from '../../support/postgres.ts';
import { newTaskId, saved } from './examples.ts';
import { settlementOf, usageOf, wishOf } from './spending.ts';

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

/** A scope that no other test uses. */
function freshScope(): BudgetScope {
  return `night:${newTaskId()}`;
}

test('a request holds its input and all its output in every scope, and is booked at what it really used', async () => {
  const limits: ScopeLimit[] = [
    { scope: freshScope(), limit: { usd: 10, tokens: 1_000_000 } },
    { scope: freshScope(), limit: {} },
  ];
  const wish = wishOf(limits);
  expect(await store.budgets.reserve(wish)).toEqual({ kind: 'reserved', outputTokens: 200_000 });
  for (const { scope } of limits) {
    expect((await store.budgets.standing(scope)).reserved).toEqual({ prompts: 0, tokens: 300_000, usd: 0.5 });
  }
  const usage = usageOf({ input: 1_000, output: 2_000, cacheRead: 3_000 });
  expect(await store.budgets.settle(wish.id, settlementOf({ usage, usd: 0.0053 }))).toBe(true);
  for (const { scope } of limits) {
    expect(await store.budgets.standing(scope)).toEqual({
      granted: { prompts: 0, tokens: 0, usd: 0 },
      spent: { prompts: 0, tokens: 6_000, usd: 0.0053 },
      reserved: { prompts: 0, tokens: 0, usd: 0 },
    });
  }
  expect(await store.budgets.bookedFor(wish.taskId)).toEqual({ usd: 0.0053, inputTokens: 4_000, outputTokens: 2_000 });
});

test('a scope that was never used stands at nothing', async () => {
  const nothing = { prompts: 0, tokens: 0, usd: 0 };
  expect(await store.budgets.standing(freshScope())).toEqual({ granted: nothing, spent: nothing, reserved: nothing });
});

test('the output is lowered to what the tightest scope can pay', async () => {
  const wide = { scope: freshScope(), limit: { usd: 10 } };
  // 0.1 for the input leaves 0.050001: 25,000 tokens of output, and a rest that buys none.
  const tight = { scope: freshScope(), limit: { usd: 0.150001 } };
  expect(await store.budgets.reserve(wishOf([wide, tight]))).toEqual({ kind: 'reserved', outputTokens: 25_000 });
  expect((await store.budgets.standing(tight.scope)).reserved.usd).toBe(0.15);
  const few = { scope: freshScope(), limit: { usd: 10, tokens: 101_500 } };
  expect(await store.budgets.reserve(wishOf([wide, few]))).toEqual({ kind: 'reserved', outputTokens: 1_500 });
});

test('less than the least that is worth sending is refused, but a small wish may be smaller', async () => {
  const scope = freshScope();
  const limits = [{ scope, limit: { tokens: 100_000 + 1_023 } }];
  expect(await store.budgets.reserve(wishOf(limits))).toMatchObject({ kind: 'short', heldByOthers: false });
  expect((await store.budgets.standing(scope)).reserved.tokens).toBe(0);
  expect(await store.budgets.reserve(wishOf(limits, { outputTokens: 1_023 }))).toEqual({
    kind: 'reserved',
    outputTokens: 1_023,
  });
});

test('a shortage names the scope and the measure with the least room, with what was granted and spent', async () => {
  const task = await saved(store);
  const [tight, tighter]: BudgetScope[] = [freshScope(), freshScope()];
  if (!tight || !tighter) throw new Error('two scopes');
  const first = wishOf([{ scope: tighter, limit: { usd: 1 } }]);
  await store.budgets.reserve(first);
  await store.budgets.settle(first.id, settlementOf({ usd: 1.35 }));
  await store.budgets.grant(task.id, tighter, 'usd', 0.25, 'human');
  const limits: ScopeLimit[] = [
    { scope: tight, limit: { tokens: 100_500 } },
    { scope: tighter, limit: { usd: 1, tokens: 1e12 } },
  ];
  expect(await store.budgets.reserve(wishOf(limits))).toEqual({
    kind: 'short',
    shortage: { scope: tighter, measure: 'usd', limit: 1.25, spent: 1.35 },
    heldByOthers: false,
  });
  expect((await store.budgets.standing(tight)).reserved).toEqual({ prompts: 0, tokens: 0, usd: 0 });
});

test('what only others hold may come back, what is spent does not', async () => {
  const [held, spent] = [freshScope(), freshScope()];
  const other = wishOf([{ scope: held, limit: { usd: 0.5 } }]);
  await store.budgets.reserve(other);
  const limits = [{ scope: held, limit: { usd: 0.5 } }];
  expect(await store.budgets.reserve(wishOf(limits))).toEqual({
    kind: 'short',
    shortage: { scope: held, measure: 'usd', limit: 0.5, spent: 0 },
    heldByOthers: true,
  });
  // A second limit that no settlement can help is the one that is named.
  const both = [...limits, { scope: spent, limit: { tokens: 100_100 } }];
  expect(await store.budgets.reserve(wishOf(both))).toEqual({
    kind: 'short',
    shortage: { scope: spent, measure: 'tokens', limit: 100_100, spent: 0 },
    heldByOthers: false,
  });
  await store.budgets.settle(other.id, settlementOf());
  expect(await store.budgets.reserve(wishOf(limits))).toEqual({ kind: 'reserved', outputTokens: 200_000 });
});

test('a model that costs nothing fits wherever its input does', async () => {
  const price = { input: 0, output: 0, cacheWrite: 0, longCacheWrite: 0, cacheRead: 0 };
  const limits = [{ scope: freshScope(), limit: { usd: 0 } }];
  expect(await store.budgets.reserve(wishOf(limits, { price, inputUsd: 0 }))).toMatchObject({ kind: 'reserved' });
  expect(await store.budgets.reserve(wishOf(limits, { price, inputUsd: 1e-9 }))).toMatchObject({ kind: 'short' });
});

test('no fraction of a nano-USD is held too little', async () => {
  const scope = freshScope();
  const price = { input: 0, output: 0.0375, cacheWrite: 0, longCacheWrite: 0, cacheRead: 0 };
  const changes = { price, inputUsd: 1e-10, inputTokens: 1, outputTokens: 3, leastOutputTokens: 1 };
  // 0.1 nano-USD and 37.5 for each of three tokens are 112.6.
  expect(await store.budgets.reserve(wishOf([{ scope, limit: { usd: 113e-9 } }], changes))).toMatchObject({
    outputTokens: 3,
  });
  expect((await store.budgets.standing(scope)).reserved.usd).toBe(113e-9);
  const less = [{ scope: freshScope(), limit: { usd: 112e-9 } }];
  expect(await store.budgets.reserve(wishOf(less, changes))).toMatchObject({ outputTokens: 2 });
});

test('asked twice with one id, also at the same moment, a request is reserved once', async () => {
  const scope = freshScope();
  const wish = wishOf([{ scope, limit: { usd: 0.3 } }]);
  const answers = await Promise.all(Array.from({ length: 20 }, () => store.budgets.reserve(wish)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
    new Set([JSON.stringify({ kind: 'reserved', outputTokens: 100_000 })]),
  );
  expect((await store.budgets.standing(scope)).reserved.usd).toBe(0.3);
  await store.budgets.settle(wish.id, settlementOf());
  expect(await store.budgets.reserve(wish)).toEqual({ kind: 'reserved', outputTokens: 100_000 });
  expect((await store.budgets.standing(scope)).reserved.usd).toBe(0);
});

test('of many who settle one request only one does', async () => {
  const scope = freshScope();
  const wish = wishOf([{ scope, limit: {} }]);
  await store.budgets.reserve(wish);
  const settlement = settlementOf({ usage: usageOf({ output: 10 }), usd: 0.25 });
  const settled = await Promise.all(Array.from({ length: 20 }, () => store.budgets.settle(wish.id, settlement)));
  expect(settled.filter(Boolean)).toHaveLength(1);
  expect(await store.budgets.standing(scope)).toMatchObject({ spent: { usd: 0.25, tokens: 10 }, reserved: { usd: 0 } });
  expect(await store.budgets.settle(wishOf([]).id, settlement)).toBe(false);
});

test('real use above the limit is booked in full', async () => {
  const scope = freshScope();
  const limits = [{ scope, limit: { usd: 0.2 } }];
  const wish = wishOf(limits);
  await store.budgets.reserve(wish);
  await store.budgets.settle(wish.id, settlementOf({ usd: 7 }));
  expect((await store.budgets.standing(scope)).spent.usd).toBe(7);
  expect(await store.budgets.reserve(wishOf(limits))).toMatchObject({ kind: 'short' });
});

test('an open request tells who holds it, and what was seen of its answer', async () => {
  const wish = wishOf([{ scope: freshScope(), limit: {} }], { inputTokens: 123 });
  await store.budgets.reserve(wish);
  const mine = async () => (await store.budgets.open()).find(({ id }) => id === wish.id);
  const { holder, price } = wish;
  expect(await mine()).toEqual({ id: wish.id, holder, price, reservedInputTokens: 123 });
  const seen = usageOf({ input: 5, output: 1 });
  await store.budgets.saw(wish.id, seen);
  expect(await mine()).toEqual({ id: wish.id, holder, price, reservedInputTokens: 123, seen });
  await store.budgets.settle(wish.id, settlementOf({ usage: seen, estimated: true, status: null, firstByteMs: null }));
  expect(await mine()).toBeUndefined();
});

test('a grant raises the limit and is told; that of prompts of a task raises its own limit', async () => {
  const task = await saved(store);
  const scope = freshScope();
  await store.budgets.grant(task.id, scope, 'usd', 0.5, 'human');
  await store.budgets.grant(task.id, scope, 'usd', 0.25, 'unattended');
  await store.budgets.grant(task.id, scope, 'prompts', 3, 'human');
  await store.budgets.grant(task.id, `task:${task.id}`, 'prompts', 7, 'human');
  expect((await store.budgets.standing(scope)).granted).toEqual({ prompts: 3, tokens: 0, usd: 0.75 });
  expect((await store.tasks.get(task.id))?.promptLimit).toBe(task.promptLimit + 7);
  expect((await store.budgets.standing(`task:${task.id}`)).granted.prompts).toBe(0);
  const told = await store.events.read({ after: 0, taskId: task.id }, 10);
  expect(told.slice(1)).toMatchObject([
    { type: 'budget.granted', scope, measure: 'usd', amount: 0.5, by: 'human' },
    { type: 'budget.granted', scope, measure: 'usd', amount: 0.25, by: 'unattended' },
    { type: 'budget.granted', scope, measure: 'prompts', amount: 3 },
    { type: 'budget.granted', scope: `task:${task.id}`, measure: 'prompts', amount: 7 },
  ]);
  expect(await store.budgets.reserve(wishOf([{ scope, limit: { usd: 0 } }]))).toMatchObject({ kind: 'reserved' });
});

test('what a task cost is what was booked for it, and what its engine told only when nothing was', async () => {
  const task = await saved(store);
  const first = wishOf([{ scope: freshScope(), limit: {} }], { taskId: task.id });
  await store.budgets.reserve(first);
  await store.budgets.settle(first.id, settlementOf({ usd: 0.123456789 }));
  await store.budgets.reserve(wishOf([], { taskId: task.id }));
  expect((await store.tasks.get(task.id))?.costUsd).toBe(0.123456789);
});
