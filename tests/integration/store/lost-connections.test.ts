import { expect, test } from 'vitest';
import type { BudgetScope } from '../../../src/domain/budget.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { testDatabase } from '../../support/postgres.ts';
import { leased } from './examples.ts';
import { promptNews, settlementOf, usageOf, wishOf, working } from './spending.ts';

const scopes: BudgetScope[] = ['night:x', 'night:y', 'all'];
const cuts = 60;

/** What a call came to when its connection may be ended under it at any moment. */
async function maybe<Result>(call: Promise<Result>): Promise<Result | 'cut'> {
  try {
    return await call;
  } catch (error) {
    expect(error).toMatchObject({ name: 'StoreError', problem: 'unreachable' });
    return 'cut';
  }
}

test('connections that die in the middle of everything leave rows that agree with the ledger and the events', async () => {
  const database = await testDatabase();
  const calm = await openPostgresStore({ databaseUrl: database.url, applicationName: 'calm' });
  const victims = await Promise.all(
    Array.from({ length: 4 }, () => openPostgresStore({ databaseUrl: database.url, applicationName: 'victim' })),
  );
  let stopped = false;
  const limits = scopes.map((scope) => ({ scope, limit: { usd: 1_000, prompts: 100_000 } }));

  const writers = await Promise.all(victims.map((store) => leased(store, { promptLimit: 100_000 })));
  const work = victims.map(async (store, index) => {
    const writer = writers[index];
    if (!writer) throw new Error('each has a writer');
    for (let round = 1; !stopped; round++) {
      const wish = wishOf(limits, { taskId: writer.taskId });
      await maybe(store.budgets.reserve(wish));
      const settlement = settlementOf({ usage: usageOf({ output: 7 }), usd: 0.001 });
      if (round % 3 !== 0) await maybe(store.budgets.settle(wish.id, settlement));
      await maybe(store.tasks.beginRound(writer, working(round), [promptNews(writer.taskId, round)], limits));
    }
  });
  let ended = 0;
  while (ended < cuts) {
    const { rows } = await calm.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'victim' and state <> 'idle' limit 1`,
    );
    ended += rows.length;
  }
  stopped = true;
  await Promise.all(work);

  const { rows } = await calm.pool.query(`
    select
      coalesce(sum(reserved_nano_usd) filter (where settled_at is null), 0)::float8 / 1e9 as held,
      coalesce(sum(reserved_input_tokens + reserved_output_tokens) filter (where settled_at is null), 0)::float8 as tokens,
      coalesce(sum(nano_usd), 0)::float8 / 1e9 as spent,
      (count(*) filter (where settled_at is not null))::int * 7 as used,
      (select count(*) from spiral.events where type = 'prompt.spent')::int as prompts
    from spiral.requests
  `);
  const { held, tokens, spent, used, prompts } = rows[0];
  expect(prompts).toBeGreaterThan(0);
  expect(spent).toBeGreaterThan(0);
  for (const scope of scopes) {
    expect(await calm.budgets.standing(scope)).toMatchObject({
      spent: { prompts, tokens: used, usd: spent },
      reserved: { tokens, usd: held },
    });
  }
  // Nobody who died holds a lock.
  for (const { id } of await calm.budgets.open()) await calm.budgets.settle(id, settlementOf());
  for (const scope of scopes) expect((await calm.budgets.standing(scope)).reserved.usd).toBe(0);

  await Promise.all([calm, ...victims].map((store) => store.close()));
  await database.drop();
});
