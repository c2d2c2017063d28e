import type { Measure } from './budget.ts';

/** The most that a person may give at once. */
export const mostOfGrant: Readonly<Record<Measure, number>> = { prompts: 10_000, tokens: 1e9, usd: 10_000 };

/** How much more of a measure a person wants to give, as they type it; undefined when it is no such amount. */
export function grantAmountFrom(measure: Measure, typed: string): number | undefined {
  const written = measure === 'usd' ? /^\d+(\.\d+)?$/ : /^\+?\d+$/;
  const amount = written.test(typed.trim()) ? Number(typed) : 0;
  return amount > 0 && amount <= mostOfGrant[measure] ? amount : undefined;
}
