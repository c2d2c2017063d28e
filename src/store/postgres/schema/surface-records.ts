import { sql } from 'drizzle-orm';
import { primaryKey } from 'drizzle-orm/pg-core';
import * as z from 'zod';
import { checkedJson, text, time } from '../columns.ts';
import { spiral } from '../schema.ts';

const value = checkedJson(z.unknown());

/** What surfaces remember of the outside. Keys that begin with `task:ID` go with their task. */
export const surfaceRecords = spiral.table(
  'surface_records',
  {
    surface: text('surface').notNull(),
    key: text('key').notNull(),
    value: value('value').notNull(),
    savedAt: time('saved_at').notNull().default(sql`clock_timestamp()`),
  },
  (record) => [primaryKey({ name: 'surface_records_by_key', columns: [record.surface, record.key] })],
);
