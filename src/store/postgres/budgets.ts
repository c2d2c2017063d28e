import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { BudgetStore } from '../budgets.ts';
import { costs } from './costs.ts';
import type { Database } from './database.ts';
import { record } from './events.ts';
import { give } from './grants.ts';
import { usdOf } from './money.ts';
import { movePrompts } from './moves.ts';
import { reserve } from './reserve.ts';
import { budgets, requests } from './schema.ts';
import { settle } from './settle.ts';

export function budgetsIn(database: Database): BudgetStore {
  return {
    reserve: (wish) => reserve(database, wish),
    async saw(requestId, usage) {
      await database.query((statements) =>
        statements
          .update(requests)
          .set({ seen: usage })
          .where(and(eq(requests.id, requestId), isNull(requests.settledAt))),
      );
    },
    settle: (requestId, settlement) => settle(database, requestId, settlement),
    async open() {
      const { id, holder, price, seen, reservedInputTokens } = requests;
      const rows = await database.query((statements) =>
        statements
          .select({ id, holder, price, seen, reservedInputTokens })
          .from(requests)
          .where(isNull(requests.settledAt))
          .orderBy(asc(requests.startedAt), asc(requests.id)),
      );
      return rows.map(({ seen: usage, ...row }) => ({ ...row, ...(usage === null ? {} : { seen: usage }) }));
    },
    async bookedFor(taskId) {
      const [row] = await database.query((statements) =>
        statements
          .select({
            nanoUsd: sql<number>`coalesce(sum(nano_usd), 0)::float8`,
            inputTokens: sql<number>`coalesce(sum(
              (used ->> 'input')::bigint + (used ->> 'cacheWrite')::bigint
              + (used ->> 'longCacheWrite')::bigint + (used ->> 'cacheRead')::bigint
            ), 0)::float8`,
            outputTokens: sql<number>`coalesce(sum((used ->> 'output')::bigint), 0)::float8`,
          })
          .from(requests)
          .where(eq(requests.taskId, taskId)),
      );
      const { nanoUsd = 0, inputTokens = 0, outputTokens = 0 } = row ?? {};
      return { usd: usdOf(nanoUsd), inputTokens, outputTokens };
    },
    async standing(scope) {
      const [row] = await database.query((statements) =>
        statements.select().from(budgets).where(eq(budgets.scope, scope)),
      );
      return {
        granted: amounts(row?.grantedPrompts, row?.grantedTokens, row?.grantedNanoUsd),
        spent: amounts(row?.spentPrompts, row?.spentTokens, row?.spentNanoUsd),
        // A prompt is never held: it is spent when its round begins.
        reserved: amounts(0, row?.reservedTokens, row?.reservedNanoUsd),
      };
    },
    async grant(taskId, scope, measure, amount, by) {
      await database.transaction(async (statements) => {
        await give(statements, taskId, { scope, measure, amount });
        await record(statements, [{ news: { type: 'budget.granted', taskId, scope, measure, amount, by } }]);
      });
    },
    move: (taskId, move, by) => database.transaction((statements) => movePrompts(statements, taskId, move, by)),
    costs: (by, since) => costs(database, by, since),
  };
}

function amounts(prompts = 0, tokens = 0, nanoUsd = 0): { prompts: number; tokens: number; usd: number } {
  return { prompts, tokens, usd: usdOf(nanoUsd) };
}
