import { assertSchemaCompatibility, LATEST_SCHEMA_VERSION, runMigrations, SchemaMigrationRequiredError } from 'bullmq';
import type { Pool, PoolClient } from 'pg';

/** Makes BullMQ's schema in the database or brings it up to date; one query when there is nothing to do. */
export async function prepareSchema(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    if ((await schemaVersion(client)) < LATEST_SCHEMA_VERSION) await runMigrations(client);
    client.release();
  } catch (error) {
    // Whatever state the session is in, nobody else gets it.
    client.release(true);
    throw error;
  }
}

/** 0 when there is none yet. */
async function schemaVersion(client: PoolClient): Promise<number> {
  try {
    return await assertSchemaCompatibility(client);
  } catch (error) {
    if (error instanceof SchemaMigrationRequiredError) return 0;
    throw error;
  }
}
