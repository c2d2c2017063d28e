import { and, asc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { TaskId } from '../../domain/identifiers.ts';
import type { SurfaceStore } from '../surfaces.ts';
import type { Database, Statements } from './database.ts';
import { surfaceRecords } from './schema/surface-records.ts';
import { storableText } from './storable.ts';
import { dateTime } from './times.ts';

const columns = {
  key: surfaceRecords.key,
  value: surfaceRecords.value,
  savedAt: dateTime(surfaceRecords.savedAt),
} as const;

function under(surface: string, key: string): SQL | undefined {
  return and(eq(surfaceRecords.surface, surface), eq(surfaceRecords.key, key));
}

export function surfacesIn(database: Database): SurfaceStore {
  return {
    async get(surface, key) {
      const [row] = await database.query((statements) =>
        statements.select(columns).from(surfaceRecords).where(under(surface, key)),
      );
      return row?.value;
    },
    async all(surface, keyPrefix) {
      return database.query((statements) =>
        statements
          .select(columns)
          .from(surfaceRecords)
          .where(
            and(
              eq(surfaceRecords.surface, surface),
              sql`starts_with(${surfaceRecords.key}, ${storableText(keyPrefix)})`,
            ),
          )
          .orderBy(asc(surfaceRecords.savedAt), asc(surfaceRecords.key)),
      );
    },
    async put(surface, key, value) {
      await database.query((statements) =>
        statements
          .insert(surfaceRecords)
          .values({ surface, key, value })
          .onConflictDoUpdate({
            target: [surfaceRecords.surface, surfaceRecords.key],
            set: { value, savedAt: sql`clock_timestamp()` },
          }),
      );
    },
    async putOnce(surface, key, value) {
      const rows = await database.query((statements) =>
        statements
          .insert(surfaceRecords)
          .values({ surface, key, value })
          .onConflictDoNothing()
          .returning({ key: surfaceRecords.key }),
      );
      return rows.length > 0;
    },
    async delete(surface, key) {
      await database.query((statements) => statements.delete(surfaceRecords).where(under(surface, key)));
    },
  };
}

/** Deletes what surfaces remember of tasks that are deleted: keys `task:ID` and `task:ID:…`. */
export async function forgetTasks(statements: Statements, ids: readonly TaskId[]): Promise<void> {
  await statements
    .delete(surfaceRecords)
    .where(
      and(
        sql`starts_with(${surfaceRecords.key}, 'task:')`,
        inArray(sql`split_part(${surfaceRecords.key}, ':', 2)`, [...ids]),
      ),
    );
}
