/**
 * Buckets of requests. Discord developer docs: "Rate Limits". Discord publishes no figures for its buckets; these are the
 * ones that bots have seen for years.
 */
export type Limit = { readonly requests: number; readonly periodMs: number };

export type LimitKind = 'messages' | 'edits' | 'deletes' | 'reactions' | 'webhooks' | 'renames' | 'others' | 'none';

export type Limits = { readonly [Kind in Exclude<LimitKind, 'none'>]: Limit } & { readonly globalPerSecond: number };

export const limitsOfDiscord: Limits = {
  messages: { requests: 5, periodMs: 5_000 },
  edits: { requests: 5, periodMs: 5_000 },
  deletes: { requests: 5, periodMs: 1_000 },
  reactions: { requests: 1, periodMs: 250 },
  webhooks: { requests: 5, periodMs: 2_000 },
  /** Of one channel or thread; no header announces it. */
  renames: { requests: 2, periodMs: 600_000 },
  others: { requests: 10, periodMs: 1_000 },
  globalPerSecond: 50,
};

export type Verdict = {
  readonly allowed: boolean;
  readonly retryAfterSeconds: number;
  readonly global: boolean;
  readonly headers: Readonly<Record<string, string>>;
};

type Window = { from: number; used: number };

export type RateLimits = {
  /** Counts one request of this kind on one channel, webhook or guild. */
  readonly take: (kind: LimitKind, resource: string, countsGlobally: boolean) => Verdict;
};

export function rateLimits(limits: Limits, now: () => number): RateLimits {
  const windows = new Map<string, Window>();

  function use(key: string, { requests, periodMs }: Limit): { left: number; resetMs: number; allowed: boolean } {
    const known = windows.get(key);
    const window = known && now() < known.from + periodMs ? known : { from: now(), used: 0 };
    windows.set(key, window);
    const allowed = window.used < requests;
    if (allowed) window.used += 1;
    return { allowed, left: requests - window.used, resetMs: window.from + periodMs - now() };
  }

  return {
    take: (kind, resource, countsGlobally) => {
      if (countsGlobally) {
        const all = use('global', { requests: limits.globalPerSecond, periodMs: 1_000 });
        if (!all.allowed) {
          const headers = { 'x-ratelimit-global': 'true', 'x-ratelimit-scope': 'global', ...retry(all.resetMs) };
          return { allowed: false, retryAfterSeconds: all.resetMs / 1_000, global: true, headers };
        }
      }
      if (kind === 'none') return { allowed: true, retryAfterSeconds: 0, global: false, headers: {} };
      const { allowed, left, resetMs } = use(`${kind} ${resource}`, limits[kind]);
      const announced: Record<string, string> =
        kind === 'renames'
          ? {}
          : {
              'x-ratelimit-limit': String(limits[kind].requests),
              'x-ratelimit-remaining': String(left),
              'x-ratelimit-reset': String((Date.now() + resetMs) / 1_000),
              'x-ratelimit-reset-after': String(resetMs / 1_000),
              'x-ratelimit-bucket': `bucket-of-${kind}`,
            };
      const headers = allowed ? announced : { ...announced, 'x-ratelimit-scope': 'user', ...retry(resetMs) };
      return { allowed, retryAfterSeconds: resetMs / 1_000, global: false, headers };
    },
  };
}

function retry(milliseconds: number): Record<string, string> {
  return { 'retry-after': String(Math.max(0.001, milliseconds / 1_000)) };
}
