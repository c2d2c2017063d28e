import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BudgetScope, ScopeLimit } from '../../../src/domain/budget.ts';
import type { RequestWish } from '../../../src/domain/reservation.ts';
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

type Room = { granted: number; spent: number; reserved: number };
type Modelled = { readonly limit: { usd?: number; tokens?: number }; readonly usd: Room; readonly tokens: Room };

const nano = 1e9;
const scopeCount = 3;

const limitOf = fc.record({
  usd: fc.option(fc.integer({ min: 0, max: 5_000 }), { nil: undefined }),
  tokens: fc.option(fc.integer({ min: 0, max: 2_000 }), { nil: undefined }),
});
const chosen = fc.uniqueArray(fc.nat(scopeCount - 1), { maxLength: scopeCount });
const step = fc.oneof(
  fc.record({
    kind: fc.constant('reserve' as const),
    scopes: chosen,
    input: fc.nat(800),
    output: fc.integer({ min: 1, max: 900 }),
    least: fc.integer({ min: 1, max: 300 }),
    price: fc.constantFrom(0, 0.5, 1.7, 3),
  }),
  fc.record({ kind: fc.constant('settle' as const), which: fc.nat(20), tokens: fc.nat(1_200), usd: fc.nat(3_000) }),
  fc.record({
    kind: fc.constant('grant' as const),
    scope: fc.nat(scopeCount - 1),
    measure: fc.constantFrom('usd' as const, 'tokens' as const),
    amount: fc.nat(1_500),
  }),
);

/** How many tokens of output the model lets through: counted one by one, so that it shares no formula with the store. */
function affordable(scopes: readonly Modelled[], wish: { input: number; output: number; price: number }): number {
  for (let count = wish.output; count >= 0; count--) {
    const tokens = wish.input + count;
    const usd = Math.ceil(wish.input + count * wish.price);
    const fits = scopes.every(
      (scope) =>
        (scope.limit.usd === undefined || heldIn(scope.usd) + usd <= scope.limit.usd + scope.usd.granted) &&
        (scope.limit.tokens === undefined ||
          heldIn(scope.tokens) + tokens <= scope.limit.tokens + scope.tokens.granted),
    );
    if (fits) return count;
  }
  return -1;
}

function heldIn({ spent, reserved }: Room): number {
  return spent + reserved;
}

test('whatever is reserved, settled and granted in whatever order, the store does what the plain model does', async () => {
  const { id: taskId } = await saved(store);
  const newRoom = (): Room => ({ granted: 0, spent: 0, reserved: 0 });
  await fc.assert(
    fc.asyncProperty(fc.tuple(limitOf, limitOf, limitOf), fc.array(step, { maxLength: 25 }), async (limits, steps) => {
      const run = newTaskId();
      const scopes = limits.map((limit, index) => ({
        scope: `night:${run}-${index}` as BudgetScope,
        limit: Object.fromEntries(Object.entries(limit).filter(([, value]) => value !== undefined)),
        usd: newRoom(),
        tokens: newRoom(),
      }));
      const open: { wish: RequestWish; in: Modelled[]; usd: number; tokens: number }[] = [];
      const settleOne = async (index: number, tokens: number, usd: number) => {
        const [request] = open.splice(index % open.length, 1);
        if (!request) return;
        const settlement = settlementOf({ usage: usageOf({ output: tokens }), usd: usd / nano });
        expect(await store.budgets.settle(request.wish.id, settlement)).toBe(true);
        for (const scope of request.in) {
          scope.usd.reserved -= request.usd;
          scope.usd.spent += usd;
          scope.tokens.reserved -= request.tokens;
          scope.tokens.spent += tokens;
        }
      };
      for (const action of steps) {
        if (action.kind === 'reserve') {
          const wanted = action.scopes.flatMap((index) => scopes[index] ?? []);
          const limitsOfWish = wanted.map(
            ({ scope, limit }): ScopeLimit => ({
              scope,
              limit: {
                ...(limit['tokens'] === undefined ? {} : { tokens: limit['tokens'] }),
                ...(limit['usd'] === undefined ? {} : { usd: limit['usd'] / nano }),
              },
            }),
          );
          const { input, output, least, price } = action;
          const wish = wishOf(limitsOfWish, {
            taskId,
            inputTokens: input,
            inputUsd: input / nano,
            outputTokens: output,
            leastOutputTokens: least,
            // So many nano-USD for one token.
            price: { input: 0, output: price / 1e3, cacheWrite: 0, longCacheWrite: 0, cacheRead: 0 },
          });
          const expected = affordable(wanted, action);
          const reservation = await store.budgets.reserve(wish);
          if (expected < Math.min(output, least)) {
            expect(reservation.kind).toBe('short');
            continue;
          }
          expect(reservation).toEqual({ kind: 'reserved', outputTokens: expected });
          const held = { usd: Math.ceil(input + expected * price), tokens: input + expected };
          for (const scope of wanted) {
            scope.usd.reserved += held.usd;
            scope.tokens.reserved += held.tokens;
          }
          open.push({ wish, in: wanted, ...held });
        }
        if (action.kind === 'settle') await settleOne(action.which, action.tokens, action.usd);
        if (action.kind === 'grant') {
          const scope = scopes[action.scope];
          if (!scope) continue;
          const amount = action.measure === 'usd' ? action.amount / nano : action.amount;
          await store.budgets.grant(taskId, scope.scope, action.measure, amount, 'human');
          scope[action.measure].granted += action.amount;
        }
      }
      while (open.length > 0) await settleOne(0, 1, 1);
      for (const { scope, usd, tokens } of scopes) {
        expect(await store.budgets.standing(scope)).toEqual({
          granted: { prompts: 0, tokens: tokens.granted, usd: usd.granted / nano },
          spent: { prompts: 0, tokens: tokens.spent, usd: usd.spent / nano },
          reserved: { prompts: 0, tokens: 0, usd: 0 },
        });
      }
    }),
    { numRuns: 60 },
  );
});
