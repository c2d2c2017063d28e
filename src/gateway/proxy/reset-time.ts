import { type Headers, oneOf } from './headers.ts';

const measuresOfLimits = ['requests', 'tokens', 'input-tokens', 'output-tokens'];

/**
 * When a 429 says that requests are welcome again; undefined when it does not say. The latest of what it names counts: the
 * wait it asks for, the end of a usage limit that is used up, and the resets of the rate limits of which nothing remains.
 */
export function resetTimeOf(headers: Headers, now: number): Date | undefined {
  const used = oneOf(headers['anthropic-ratelimit-unified-status']) === 'rejected';
  const times = [
    retryAfter(oneOf(headers['retry-after']), now),
    used ? timeOf(oneOf(headers['anthropic-ratelimit-unified-reset'])) : undefined,
    ...measuresOfLimits.map((measure) =>
      oneOf(headers[`anthropic-ratelimit-${measure}-remaining`]) === '0'
        ? timeOf(oneOf(headers[`anthropic-ratelimit-${measure}-reset`]))
        : undefined,
    ),
  ].filter((time) => time !== undefined && time > now);
  const latest = Math.max(...times.map((time) => time ?? 0));
  return times.length === 0 ? undefined : new Date(latest);
}

/** Seconds, or a date. */
function retryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  return /^\d+(\.\d+)?$/.test(value.trim()) ? now + Number(value) * 1000 : dateOf(value);
}

/** Seconds since 1970, or a date. */
function timeOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  return /^\d+$/.test(value.trim()) ? Number(value) * 1000 : dateOf(value);
}

function dateOf(value: string): number | undefined {
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}
