import type { AgentRole } from './agent.ts';

/** What an agent did in some time. */
export type Yield = {
  readonly agent: AgentRole;
  /** Verified tasks of an agent that builds; of the others, questions that they answered in a way that could be used. */
  readonly results: number;
  readonly prompts: number;
  readonly usd: number;
};

export type Efficiency = {
  readonly agent: AgentRole;
  /** 1 is what is usual in the team; undefined where there is nothing to compare with. */
  readonly value?: number;
};

/**
 * The efficiency of each agent: its results for a prompt and its results for a dollar, each divided by the median of the
 * team, and the mean of both. An agent that spent nothing has none.
 */
export function efficienciesOf(yields: readonly Yield[]): Efficiency[] {
  const forPrompt = comparedWith(yields, ({ prompts }) => prompts);
  const forDollar = comparedWith(yields, ({ usd }) => usd);
  return yields.map((one) => {
    const parts = [forPrompt(one), forDollar(one)].filter((part) => part !== undefined);
    if (parts.length === 0) return { agent: one.agent };
    const value = parts.reduce((sum, part) => sum + part, 0) / parts.length;
    return { agent: one.agent, value: Math.round(value * 100) / 100 };
  });
}

function comparedWith(yields: readonly Yield[], spentOf: (one: Yield) => number) {
  const rateOf = (one: Yield) => (spentOf(one) > 0 ? one.results / spentOf(one) : undefined);
  const usual = medianOf(yields.map(rateOf).filter((rate) => rate !== undefined));
  return (one: Yield): number | undefined => {
    const rate = rateOf(one);
    return rate === undefined || !usual ? undefined : rate / usual;
  };
}

export function medianOf(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[middle - 1], sorted[middle]];
  if (high === undefined) return undefined;
  return sorted.length % 2 === 1 || low === undefined ? high : (low + high) / 2;
}
