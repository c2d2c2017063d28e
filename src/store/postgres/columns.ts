import { customType, timestamp } from 'drizzle-orm/pg-core';
import type * as z from 'zod';
import { storableJson, storableText } from './storable.ts';

// Every text passes through these columns on its way in, so what PostgreSQL would refuse is replaced in one place.
export const text = customType<{ data: string; driverData: string }>({
  dataType: () => 'text',
  toDriver: storableText,
});

/** A `jsonb` column whose values are checked whenever they are read. */
export function checkedJson<Data>(schema: z.ZodType<Data>) {
  return customType<{ data: Data; driverData: unknown }>({
    dataType: () => 'jsonb',
    toDriver: storableJson,
    fromDriver: (value) => schema.parse(value),
  });
}

/** `json`, not `jsonb`: a reader sees the fields in the order in which they were told. */
export function toldJson<Data>() {
  return customType<{ data: Data; driverData: unknown }>({ dataType: () => 'json', toDriver: storableJson });
}

export const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });
