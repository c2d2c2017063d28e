import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { ClientBase } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Database } from '../database.ts';
import { beginFrame, endFrame, tableFrame } from './contents.ts';
import { bytesOf, type Frame } from './frames.ts';
import { unwritable } from './problems.ts';
import { beginCopying, columnList, copiedTables, migrationOf, named, numberedColumns } from './tables.ts';

/** See `Upkeep.backup`. */
export async function writeBackup(database: Database, to: Writable): Promise<void> {
  await database.connection(async (client) => {
    const failures: unknown[] = [];
    try {
      await pipeline(bytesOf(remembering(failures, framesFrom(client))), createGzip(), to);
    } catch (error) {
      // Whichever side fails ends the other with its own error; what the database did not fail with is the target's.
      if (failures.length > 0) throw failures[0];
      throw unwritable(error);
    }
    await client.query('commit');
  });
}

/** Everything as it is at one moment, however long it takes and whoever writes meanwhile. */
async function* framesFrom(client: ClientBase): AsyncGenerator<Frame, void, undefined> {
  await beginCopying(client, 'repeatable read read only');
  const migration = await migrationOf(client);
  yield beginFrame({ migration, createdAt: new Date().toISOString() });
  for (const { name, columns } of await copiedTables(client)) {
    yield tableFrame({ table: name, columns: [...columns] });
    const rows = client.query(copyTo(`copy ${named(name)} (${columnList(columns)}) to stdout`));
    for await (const bytes of rows) yield { kind: 'D', bytes };
  }
  // Sequences stand outside the moment. Read last, they are beyond every row that was copied.
  yield endFrame({ sequences: await positionsOf(client) });
}

async function positionsOf(client: ClientBase): Promise<{ table: string; column: string; next: string }[]> {
  const positions: { table: string; column: string; next: string }[] = [];
  for (const { table, column, sequence } of await numberedColumns(client)) {
    const { rows } = await client.query<{ next: string }>(
      `select (last_value + is_called::int)::text as next from ${sequence}`,
    );
    positions.push({ table, column, next: rows[0]?.next ?? '1' });
  }
  return positions;
}

async function* remembering<Item>(
  failures: unknown[],
  items: AsyncIterable<Item>,
): AsyncGenerator<Item, void, undefined> {
  try {
    yield* items;
  } catch (error) {
    failures.push(error);
    throw error;
  }
}
