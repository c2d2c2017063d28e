import { UsageError } from './usage-error.ts';

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const example = 'Give for example 12h, 2d, yesterday or 2026-11-01.';

/**
 * `--since`: so long ago (`90m`, `12h`, `2d`, `1w`), the beginning of a day (`today`, `yesterday`, `2026-11-01`) as the clock
 * of this machine has it, or a moment in ISO 8601.
 */
export function sinceFrom(value: string, now: Date): Date {
  const since = read(value.trim().toLowerCase(), now);
  if (since === undefined) throw new UsageError(`--since is “${value}”.`, example);
  if (since.getTime() > now.getTime()) throw new UsageError(`--since is “${value}”, which is yet to come.`, example);
  return since;
}

function read(value: string, now: Date): Date | undefined {
  const [, count, unit] = /^(\d{1,6}) ?([mhdw])$/.exec(value) ?? [];
  if (count !== undefined && unit !== undefined) return new Date(now.getTime() - Number(count) * (unitMs[unit] ?? 0));
  if (value === 'today') return midnight(now, 0);
  if (value === 'yesterday') return midnight(now, -1);
  if (!/^\d{4}-\d{2}-\d{2}(t\d{2}:\d{2}|$)/.test(value)) return undefined;
  // A day alone would be read as midnight in UTC.
  const at = new Date(value.length === 10 ? `${value}T00:00` : value.toUpperCase());
  return Number.isNaN(at.getTime()) ? undefined : at;
}

function midnight(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
}
