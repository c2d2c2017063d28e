import type { Amounts, BudgetLimits, Price } from '../domain/budget.ts';
import type { ConfigFile } from './schema.ts';

export type BudgetConfig = {
  readonly limits: BudgetLimits;
  /** What happens when a limit is reached: a question is asked, or the task ends. */
  readonly atLimit: 'ask' | 'stop';
  /** Prices by model that a person gave; they win over the known ones. */
  readonly prices: Readonly<Record<string, Price>>;
};

export function budgetOf({ at_limit, task, agent, project, night, all, prices }: ConfigFile['budget']): BudgetConfig {
  const limits = {
    task: given(task),
    agent: given(agent),
    project: given(project),
    night: given(night),
    all: given(all),
  };
  return { limits, atLimit: at_limit, prices: pricesOf(prices) };
}

function given({ prompts, tokens, usd }: ConfigFile['budget']['task']): Amounts {
  return {
    ...(prompts === undefined ? {} : { prompts }),
    ...(tokens === undefined ? {} : { tokens }),
    ...(usd === undefined ? {} : { usd }),
  };
}

function pricesOf(prices: ConfigFile['budget']['prices']): Record<string, Price> {
  return Object.fromEntries(
    Object.entries(prices).map(([model, { input, output, cache_write: write = input, cache_read: read = input }]) => [
      model,
      { input, output, cacheWrite: write, longCacheWrite: write, cacheRead: read },
    ]),
  );
}
