import { sql } from 'drizzle-orm';
import { bigint, check, customType, foreignKey, integer, primaryKey } from 'drizzle-orm/pg-core';
import * as z from 'zod';
import { type Tool, toolManifest, toolProvenance } from '../../../domain/tool.ts';
import { checkedJson, text, time } from '../columns.ts';
import { spiral } from '../schema.ts';

/** Paths with contents as Base64. */
const storedFiles = z.array(z.tuple([z.string(), z.string()]));

/** `json`, not `jsonb`, and nothing replaced: what is in it is given on as it was written, the order of its fields included. */
function exactJson<Data>(schema: z.ZodType<Data>) {
  return customType<{ data: Data; driverData: unknown }>({
    dataType: () => 'json',
    toDriver: (value) => JSON.stringify(value),
    fromDriver: (value) => schema.parse(value),
  });
}

const manifest = exactJson(toolManifest);
const files = exactJson(storedFiles);
const provenance = checkedJson(toolProvenance);

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
    manifest: manifest('manifest').notNull(),
    files: files('files').notNull(),
    digest: text('digest').notNull(),
    provenance: provenance('provenance').notNull(),
    publishedAt: time('published_at').notNull().default(sql`clock_timestamp()`),
  },
  (version) => [primaryKey({ columns: [version.name, version.version] })],
);
