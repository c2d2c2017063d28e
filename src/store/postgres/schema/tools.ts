import { sql } from 'drizzle-orm';
import { bigint, check, customType, foreignKey, integer, primaryKey } from 'drizzle-orm/pg-core';
import type { Tool } from '../../../domain/tool.ts';
import { text, time } from '../columns.ts';
import { spiral } from '../schema.ts';
import { storableJson } from '../storable.ts';

// What is read from these columns is checked row by row (`tools/tool-rows.ts`): one damaged row must not hide the others.

/** `json`, not `jsonb`, and nothing replaced: what is in it is given on as it was written, the order of its fields included. */
const exactJson = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => 'json',
  toDriver: (value) => JSON.stringify(value),
});

const uncheckedJson = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => 'jsonb',
  toDriver: storableJson,
});

export const tools = spiral.table(
  'tools',
  {
    name: text('name').primaryKey(),
    /** The version that everybody gets. */
    served: text('served').notNull(),
    status: text('status').$type<Tool['status']>().notNull().default('active'),
    calls: integer('calls').notNull().default(0),
    failures: integer('failures').notNull().default(0),
    lastUsedAt: time('last_used_at'),
    /** When a person last said of it that it is wanted. */
    wantedAt: time('wanted_at'),
    /** Of the last change of what is served; rises over all tools together. */
    revision: bigint('revision', { mode: 'number' }).notNull(),
  },
  (tool) => [
    foreignKey({
      name: 'tools_serve_a_version',
      columns: [tool.name, tool.served],
      foreignColumns: [toolVersions.name, toolVersions.version],
    }),
    check('tools_have_a_status', sql`status in ('active', 'retired')`),
  ],
);

/** Never changed, and never deleted. */
export const toolVersions = spiral.table(
  'tool_versions',
  {
    name: text('name').notNull(),
    version: text('version').notNull(),
    manifest: exactJson('manifest').notNull(),
    /** Paths with contents as Base64. */
    files: exactJson('files').notNull(),
    digest: text('digest').notNull(),
    provenance: uncheckedJson('provenance').notNull(),
    publishedAt: time('published_at').notNull().default(sql`clock_timestamp()`),
  },
  (version) => [primaryKey({ columns: [version.name, version.version] })],
);
