import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RequestWish, Settlement } from '../../../src/domain/reservation.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { testDatabase } from '../../support/postgres.ts';
import { newTaskId } from './examples.ts';
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

const [cheap, dear] = [newTaskId(), newTaskId()];

async function booked(startedAt: string, wishes: Partial<RequestWish>, settlement: Partial<Settlement>) {
  const wish = wishOf([], wishes);
  await store.budgets.reserve(wish);
  await store.budgets.settle(wish.id, settlementOf(settlement));
  await store.pool.query('update spiral.requests set started_at = $1 where id = $2', [startedAt, wish.id]);
}

test('costs add up by agent, by task and by day, and what is still open costs nothing yet', async () => {
  expect(await store.budgets.costs('agent')).toEqual([]);
  const usage = usageOf({ input: 1, output: 2, cacheWrite: 3, longCacheWrite: 4, cacheRead: 5 });
  const tester = { taskId: cheap, agent: 'quality-assurance' } as const;
  await booked('2026-11-20T23:59:59Z', tester, { usage, usd: 0.1, firstByteMs: 10 });
  await booked('2026-11-21T00:00:00Z', tester, { usage, usd: 0.2, firstByteMs: 30 });
  const cut = { usage, usd: 5, estimated: true, firstByteMs: null, status: null };
  await booked('2026-11-21T12:00:00Z', { taskId: dear }, cut);
  await store.budgets.reserve(wishOf([], { taskId: dear }));

  const two = { input: 2, output: 4, cacheWrite: 6, longCacheWrite: 8, cacheRead: 10 };
  const dearLine = { requests: 1, tokens: usage, usd: 5, estimated: 1, meanLatencyMs: null };
  const cheapLine = { requests: 2, tokens: two, usd: 0.3, estimated: 0, meanLatencyMs: 20 };
  expect(await store.budgets.costs('task')).toEqual([
    { key: dear, ...dearLine },
    { key: cheap, ...cheapLine },
  ]);
  expect(await store.budgets.costs('agent')).toEqual([
    { key: 'developer', ...dearLine },
    { key: 'quality-assurance', ...cheapLine },
  ]);
  expect(await store.budgets.costs('day')).toEqual([
    { key: '2026-11-21', requests: 2, tokens: two, usd: 5.2, estimated: 1, meanLatencyMs: 30 },
    { key: '2026-11-20', requests: 1, tokens: usage, usd: 0.1, estimated: 0, meanLatencyMs: 10 },
  ]);
  expect((await store.budgets.costs('day', new Date('2026-11-21T00:00:00Z'))).map(({ key }) => key)).toEqual([
    '2026-11-21',
  ]);
});
