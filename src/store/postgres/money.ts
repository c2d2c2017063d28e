import type { Measure } from '../../domain/budget.ts';

/** Sums of dollars must come out even, so the database counts whole billionths of them. */
const nanoUsdPerUsd = 1e9;

/** Rounded to the nearest. */
export function nanoUsdOf(usd: number): number {
  return Math.round(usd * nanoUsdPerUsd);
}

export function usdOf(nanoUsd: number): number {
  return nanoUsd / nanoUsdPerUsd;
}

/** An amount as the database counts it: whole prompts, tokens or nano-USD. */
export function wholeUnits(measure: Measure, amount: number): number {
  return measure === 'usd' ? nanoUsdOf(amount) : Math.floor(amount);
}

/** And back, as people count it. */
export function fromWholeUnits(measure: Measure, units: number): number {
  return measure === 'usd' ? usdOf(units) : units;
}
