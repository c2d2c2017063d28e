const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** What a person may write for a moment to come. */
export const laterExamples = '12h, 2d, 1w or 2026-12-24';

/**
 * A moment to come: in so much time (`90m`, `12h`, `2d`, `1w`), or a day or a moment in ISO 8601. `over` when it is not to
 * come, `unclear` when it says no moment.
 */
export function momentFrom(words: string, now: Date): Date | 'over' | 'unclear' {
  const at = read(words.trim().toLowerCase(), now);
  if (at === undefined) return 'unclear';
  return at.getTime() <= now.getTime() ? 'over' : at;
}

function read(words: string, now: Date): Date | undefined {
  const [, count, unit] = /^(\d{1,6}) ?([mhdw])$/.exec(words) ?? [];
  if (count !== undefined && unit !== undefined) return new Date(now.getTime() + Number(count) * (unitMs[unit] ?? 0));
  if (!/^\d{4}-\d{2}-\d{2}(t\d{2}:\d{2}|$)/.test(words)) return undefined;
  const at = new Date(words.length === 10 ? `${words}T23:59:59` : words.toUpperCase());
  return Number.isNaN(at.getTime()) ? undefined : at;
}
