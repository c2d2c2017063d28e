import { counted, money } from '../domain/amounts.ts';
import type { Measure } from '../domain/budget.ts';

/** USD that nobody booked, as Claude Code estimated them. */
export function estimate(usd: number): string {
  return `about ${money(usd)}`;
}

/** So much of a measure: `$2.00`, `1 prompt`, `1,000,000 tokens`. */
export function amountOf(measure: Measure, amount: number): string {
  if (measure === 'usd') return money(amount);
  return counted(amount, measure === 'prompts' ? 'prompt' : 'token');
}

/** A count in at most four signs: `950`, `12.3k`, `1.2M`. */
export function shortCount(count: number): string {
  if (count < 1e3) return String(Math.round(count));
  if (count < 999_500) return `${short(count / 1e3)}k`;
  return count < 999_500_000 ? `${short(count / 1e6)}M` : `${short(count / 1e9)}G`;
}

function short(value: number): string {
  return value < 99.95 ? value.toFixed(1).replace(/\.0$/, '') : String(Math.round(value));
}

const unit = 1000;

/** Bytes on a disk: `950 B`, `1.2 MB`. */
export function sizeOf(bytes: number): string {
  let value = bytes;
  for (const name of ['B', 'kB', 'MB']) {
    if (value < unit) return `${name === 'B' ? value : value.toFixed(1)} ${name}`;
    value /= unit;
  }
  return `${value.toFixed(1)} GB`;
}
