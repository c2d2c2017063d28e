import { type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';

/** A time as ISO 8601 in UTC with milliseconds, whatever the time zone and date style of the session. */
export function isoTime(column: PgColumn): SQL<string> {
  return sql<string>`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** The same as a `Date`. */
export function dateTime(column: PgColumn): SQL<Date> {
  return isoTime(column).mapWith((time: string) => new Date(time));
}
