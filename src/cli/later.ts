import { UsageError } from './usage-error.ts';

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A moment to come: in so much time (`90m`, `12h`, `2d`, `1w`), or a day or a moment in ISO 8601. Throws `UsageError`. */
export function laterFrom(option: string, value: string, now: Date): Date {
  const at = read(value.trim().toLowerCase(), now);
  const example = 'Give for example 12h, 2d, 1w or 2026-12-24.';
  if (at === undefined) throw new UsageError(`${option} is “${value}”.`, example);
  if (at.getTime() <= now.getTime()) throw new UsageError(`${option} is “${value}”, which is over.`, example);
  return at;
}

function read(value: string, now: Date): Date | undefined {
  const [, count, unit] = /^(\d{1,6}) ?([mhdw])$/.exec(value) ?? [];
  if (count !== undefined && unit !== undefined) return new Date(now.getTime() + Number(count) * (unitMs[unit] ?? 0));
  if (!/^\d{4}-\d{2}-\d{2}(t\d{2}:\d{2}|$)/.test(value)) return undefined;
  const at = new Date(value.length === 10 ? `${value}T23:59:59` : value.toUpperCase());
  return Number.isNaN(at.getTime()) ? undefined : at;
}
