import { and, desc, gte, isNotNull, type SQL, sql } from 'drizzle-orm';
import type { CostLine } from '../../domain/budget.ts';
import type { BudgetStore } from '../budgets.ts';
import type { Database } from './database.ts';
import { usdOf } from './money.ts';
import { requests } from './schema.ts';

const keys: Readonly<Record<Parameters<BudgetStore['costs']>[0], SQL<string>>> = {
  agent: sql<string>`agent`,
  task: sql<string>`task_id`,
  day: sql<string>`to_char(started_at at time zone 'UTC', 'YYYY-MM-DD')`,
};

/** See `BudgetStore.costs`. Requests that are still open cost nothing yet. */
export async function costs(
  database: Database,
  by: Parameters<BudgetStore['costs']>[0],
  since?: Date,
): Promise<CostLine[]> {
  const key = keys[by];
  const nanoUsd = sql<number>`sum(nano_usd)::float8`;
  const rows = await database.query((statements) =>
    statements
      .select({
        key,
        requests: sql<number>`count(*)::int`,
        input: tokens('input'),
        output: tokens('output'),
        cacheWrite: tokens('cacheWrite'),
        longCacheWrite: tokens('longCacheWrite'),
        cacheRead: tokens('cacheRead'),
        nanoUsd,
        estimated: sql<number>`(count(*) filter (where estimated))::int`,
        meanLatencyMs: sql<number | null>`avg(first_byte_ms)`,
      })
      .from(requests)
      .where(and(isNotNull(requests.settledAt), since && gte(requests.startedAt, since)))
      // By their place: the same expression with parameters would be another one to the server.
      .groupBy(sql`1`)
      .orderBy(by === 'day' ? sql`1 desc` : desc(nanoUsd), sql`1`),
  );
  return rows.map(({ key: name, requests: count, nanoUsd: nano, estimated, meanLatencyMs, ...usage }) => ({
    key: name,
    requests: count,
    tokens: usage,
    usd: usdOf(nano),
    estimated,
    meanLatencyMs,
  }));
}

function tokens(kind: string): SQL<number> {
  return sql<number>`sum((used ->> ${sql.raw(`'${kind}'`)})::bigint)::float8`;
}
