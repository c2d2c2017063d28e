import { Client } from 'pg';
import * as z from 'zod';
import type { ServerAddress } from './connection.ts';
import type { QueueTiming } from './timing.ts';

const answer = z.tuple([z.object({ version: z.string(), fsync: z.string(), synchronous: z.string() })]);

/** Throws what the client throws. */
export async function askPostgres(
  address: ServerAddress,
  timing: QueueTiming,
): Promise<{ readonly version: string; readonly warnings: readonly string[] }> {
  const client = new Client({
    connectionString: address.url,
    connectionTimeoutMillis: timing.connect,
    query_timeout: timing.command,
  });
  // A connection lost between two queries is told by the next one.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query(
      "SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous",
    );
    const [{ version, fsync, synchronous }] = answer.parse(rows);
    const warnings: string[] = [];
    if (fsync === 'off') warnings.push(`${address.name} may be corrupted by a power failure: set fsync = on`);
    if (synchronous === 'off') {
      warnings.push(`${address.name} forgets the last jobs when it is killed: set synchronous_commit = on`);
    }
    return { version: version.split(' ')[0] ?? version, warnings };
  } finally {
    await client.end();
  }
}
