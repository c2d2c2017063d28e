import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { PoolClient } from 'pg';
import * as z from 'zod';
import { StoreError } from '../store.ts';
import { type Address, describe } from './address.ts';
import { lockNumbers } from './locks.ts';

// From the package root, so that it is the same folder for the sources and for what is built from them.
const packageRoot = dirname(createRequire(import.meta.url).resolve('spiral-agents/package.json'));
const folder = join(packageRoot, 'src/store/migrations');
const migrationsSchema = 'spiral';
const migrationsTable = 'migrations';

const undefinedTable = '42P01';

const journalSchema = z.object({ entries: z.array(z.object({ when: z.number() })).nonempty() });

/**
 * Brings the tables up to date; one query when they already are. Several processes may do this at the same moment.
 * Throws `StoreError` 'too-old' for a server before `oldestServer`, 'newer-schema' when a newer Spiral made the tables.
 */
export async function migrate(client: PoolClient, address: Address, oldestServer: number): Promise<void> {
  const newest = await newestMigration();
  if (await isUpToDate(client, newest, address)) return;
  await refuseOldServer(client, address, oldestServer);
  const lock = lockNumbers('migrations');
  await client.query('select pg_advisory_lock($1, $2)', [...lock]);
  try {
    if (await isUpToDate(client, newest, address)) return;
    const migrator = await import('drizzle-orm/node-postgres/migrator');
    await migrator.migrate(drizzle(client), { migrationsFolder: folder, migrationsSchema, migrationsTable });
  } finally {
    await client.query('select pg_advisory_unlock($1, $2)', [...lock]);
  }
}

async function newestMigration(): Promise<number> {
  const journal = journalSchema.parse(JSON.parse(await readFile(join(folder, 'meta', '_journal.json'), 'utf8')));
  return Math.max(...journal.entries.map(({ when }) => when));
}

async function isUpToDate(client: PoolClient, newest: number, address: Address): Promise<boolean> {
  const recorded = await recordedMigration(client);
  if (recorded > newest) {
    throw new StoreError(
      'newer-schema',
      `${describe(address)} was set up by a newer version of Spiral`,
      'Update Spiral, or point DATABASE_URL to another database.',
    );
  }
  return recorded === newest;
}

/** When the newest migration of the database was written, in milliseconds since the epoch; 0 when it has none. */
async function recordedMigration(client: PoolClient): Promise<number> {
  try {
    const { rows } = await client.query<{ newest: string | null }>(
      `select max(created_at) as newest from ${migrationsSchema}.${migrationsTable}`,
    );
    return Number(rows[0]?.newest ?? 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === undefinedTable) return 0;
    throw error;
  }
}

async function refuseOldServer(client: PoolClient, address: Address, oldestServer: number): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::int / 10000 as version`,
  );
  const version = rows[0]?.version ?? 0;
  if (version >= oldestServer) return;
  throw new StoreError(
    'too-old',
    `${describe(address)} is PostgreSQL ${version}, and Spiral needs ${oldestServer} or newer`,
    `Use a server of version ${oldestServer} or newer; without DATABASE_URL Spiral brings one of its own.`,
  );
}
