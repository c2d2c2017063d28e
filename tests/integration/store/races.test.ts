import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BudgetScope } from '../../../src/domain/budget.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import type { Writer } from '../../../src/store/store.ts';
import { testDatabase } from '../../support/postgres.ts';
import { leased } from './examples.ts';
import { promptNews, settlementOf, usageOf, wishOf, working } from './spending.ts';

const races = 1_000;
const callers = 6;
/** On a busy machine a thousand races take longer than any other test. */
const patienceMs = 600_000;

type OpenStore = Awaited<ReturnType<typeof openPostgresStore>>;

let database: Awaited<ReturnType<typeof testDatabase>>;
// Each has connections of its own, as six processes have.
let stores: OpenStore[];

beforeAll(async () => {
  database = await testDatabase();
  // Thousands of commits: who wins is the same whether the disk is waited for or not.
  await withoutWaitingForDisk(database.url);
  stores = await Promise.all(Array.from({ length: callers }, () => openPostgresStore({ databaseUrl: database.url })));
});

afterAll(async () => {
  await Promise.all((stores ?? []).map((store) => store.close()));
  await database?.drop();
});

async function withoutWaitingForDisk(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`alter database ${new URL(url).pathname.slice(1)} set synchronous_commit to off`);
  await client.end();
}

function firstStore(): OpenStore {
  const [store] = stores;
  if (!store) throw new Error('no store is open');
  return store;
}

test(
  'of six who want the last dollar one gets it, in each of a thousand races',
  async () => {
    for (let race = 0; race < races; race++) {
      const last: BudgetScope = `night:dollar-${race}`;
      // Every second race begins with a scope that has no row yet.
      if (race % 2 === 0) await firstStore().budgets.settle(await spentIn(last), settlementOf({ usd: 9 }));
      const limit = { usd: race % 2 === 0 ? 10 : 1 };
      const wishes = stores.map((_, caller) =>
        // Named in different orders: whoever locks them as they come meets another who holds the second.
        wishOf(
          caller % 2 === 0
            ? [
                { scope: last, limit },
                { scope: 'all', limit: {} },
              ]
            : [
                { scope: 'all', limit: {} },
                { scope: last, limit },
              ],
          { inputUsd: 0.6, outputTokens: 200_000, leastOutputTokens: 1_024 },
        ),
      );
      const answers = await Promise.all(
        stores.map((store, caller) => store.budgets.reserve(wishes[caller] ?? wishOf([]))),
      );
      expect(answers.filter(({ kind }) => kind === 'reserved')).toEqual([{ kind: 'reserved', outputTokens: 200_000 }]);
      expect((await firstStore().budgets.standing(last)).reserved.usd).toBe(1);
    }
  },
  patienceMs,
);

/** A request in the scope that is still open. */
async function spentIn(scope: BudgetScope): Promise<string> {
  const wish = wishOf([{ scope, limit: {} }], { inputTokens: 0, inputUsd: 0, outputTokens: 0 });
  await firstStore().budgets.reserve(wish);
  return wish.id;
}

test(
  'of six who want the last prompt one gets it, in each of a thousand races',
  async () => {
    const writers: Writer[] = [];
    for (const store of stores) writers.push(await leased(store, { promptLimit: races + 1 }));
    let begun = 0;
    for (let race = 0; race < races; race++) {
      const last: BudgetScope = `night:prompt-${race}`;
      const starts = await Promise.all(
        writers.map((writer, caller) => {
          const store = stores[caller] ?? firstStore();
          const limits = [
            { scope: `task:${writer.taskId}`, limit: { prompts: 0 } },
            { scope: last, limit: { prompts: 1 } },
            { scope: 'all', limit: {} },
          ] as const;
          return store.tasks.beginRound(
            writer,
            working(race + 1),
            [promptNews(writer.taskId, race + 1)],
            [...(caller % 2 === 0 ? limits : [...limits].reverse())],
          );
        }),
      );
      begun += starts.filter(({ kind }) => kind === 'begun').length;
      expect(starts.filter(({ kind }) => kind === 'begun')).toHaveLength(1);
      const short = { kind: 'short', shortage: { scope: last, measure: 'prompts', limit: 1, spent: 1 } };
      expect(starts.filter(({ kind }) => kind === 'short')).toEqual(Array.from({ length: callers - 1 }, () => short));
    }
    const used = await Promise.all(
      writers.map(async ({ taskId }) => (await firstStore().tasks.get(taskId))?.promptsUsed),
    );
    expect(used.reduce<number>((sum, prompts) => sum + (prompts ?? 0), 0)).toBe(begun);
    expect((await firstStore().budgets.standing('all')).spent.prompts).toBe(races);
  },
  patienceMs,
);

test('reserving and settling at the same time, in scopes that cross, nothing waits for ever and nothing is lost', async () => {
  const scopes: BudgetScope[] = ['night:a', 'night:b', 'night:c', 'night:d'];
  const rounds = 60;
  await Promise.all(
    stores.map(async (store, caller) => {
      for (let round = 0; round < rounds; round++) {
        const chosen = scopes.filter((_, index) => (caller + round + index) % 3 !== 0);
        const ordered = round % 2 === 0 ? chosen : chosen.reverse();
        const wish = wishOf(ordered.map((scope) => ({ scope, limit: { usd: 1_000 } })));
        expect(await store.budgets.reserve(wish)).toMatchObject({ kind: 'reserved' });
        const usage = usageOf({ output: 1 });
        expect(await store.budgets.settle(wish.id, settlementOf({ usage, usd: 0.000_001 }))).toBe(true);
      }
    }),
  );
  const standings = await Promise.all(scopes.map((scope) => firstStore().budgets.standing(scope)));
  for (const { reserved } of standings) expect(reserved).toEqual({ prompts: 0, tokens: 0, usd: 0 });
  const used = standings.reduce((sum, { spent }) => sum + (spent.tokens ?? 0), 0);
  const expected = stores.flatMap((_, caller) =>
    Array.from(
      { length: rounds },
      (_unused, round) => scopes.filter((_scope, i) => (caller + round + i) % 3 !== 0).length,
    ),
  );
  expect(used).toBe(expected.reduce((sum, count) => sum + count, 0));
});
