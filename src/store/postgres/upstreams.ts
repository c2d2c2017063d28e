import { eq, sql } from 'drizzle-orm';
import type { UpstreamStore } from '../store.ts';
import type { Database } from './database.ts';
import { upstreams } from './schema.ts';
import { isoTime } from './times.ts';

/** What several processes know together of a model API. Times are judged by the clock of the database. */
export function upstreamsIn(database: Database): UpstreamStore {
  return {
    async state(upstream) {
      const [row] = await database.query((statements) =>
        statements
          .select({
            failures: upstreams.failures,
            pausedUntil: sql<
              string | null
            >`case when paused_until > clock_timestamp() then ${isoTime(upstreams.pausedUntil)} end`,
          })
          .from(upstreams)
          .where(eq(upstreams.upstream, upstream)),
      );
      const { failures = 0, pausedUntil = null } = row ?? {};
      return { failures, ...(pausedUntil === null ? {} : { pausedUntil: new Date(pausedUntil) }) };
    },
    async pause(upstream, until) {
      // A shorter wish does not take back a longer one.
      await database.query((statements) =>
        statements
          .insert(upstreams)
          .values({ upstream, pausedUntil: until })
          .onConflictDoUpdate({
            target: upstreams.upstream,
            set: { pausedUntil: sql`greatest(${upstreams.pausedUntil}, excluded.paused_until)` },
          }),
      );
    },
    async failed(upstream) {
      const [row] = await database.query((statements) =>
        statements
          .insert(upstreams)
          .values({ upstream, failures: 1 })
          .onConflictDoUpdate({ target: upstreams.upstream, set: { failures: sql`${upstreams.failures} + 1` } })
          .returning({ failures: upstreams.failures }),
      );
      return row?.failures ?? 0;
    },
    async succeeded(upstream) {
      // Said after every answer: nothing is written while there is nothing to forget.
      await database.query((statements) =>
        statements
          .update(upstreams)
          .set({ failures: 0, probeHolder: null, probeUntil: null })
          .where(sql`upstream = ${upstream} and (failures > 0 or probe_until is not null)`),
      );
    },
    async probe(upstream, holder, seconds) {
      const until = sql`clock_timestamp() + make_interval(secs => ${seconds})`;
      const rows = await database.query((statements) =>
        statements
          .insert(upstreams)
          .values({ upstream, probeHolder: holder, probeUntil: until })
          .onConflictDoUpdate({
            target: upstreams.upstream,
            set: { probeHolder: holder, probeUntil: until },
            setWhere: sql`${upstreams.probeUntil} is null or ${upstreams.probeUntil} <= clock_timestamp()`,
          })
          .returning({ upstream: upstreams.upstream }),
      );
      return rows.length > 0;
    },
  };
}
