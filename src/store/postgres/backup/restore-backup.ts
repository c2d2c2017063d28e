import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg, { type ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { StoreError } from '../../store.ts';
import { type Address, describe } from '../address.ts';
import type { Database } from '../database.ts';
import { type BackupTable, readBegin, readEnd, readTable } from './contents.ts';
import { type Frame, framesOf } from './frames.ts';
import { damaged, newerBackup } from './problems.ts';
import {
  beginCopying,
  type CopiedTable,
  columnList,
  copiedTables,
  migrationOf,
  named,
  numberedColumns,
} from './tables.ts';

/** See `Upkeep.restore`. Everything is one transaction, which commits when the checksum at the very end was right. */
export async function restoreBackup(database: Database, address: Address, from: Readable): Promise<void> {
  const frames = framesOf(from);
  try {
    const { migration } = readBegin(await next(frames));
    await database.connection(async (client) => {
      await beginCopying(client, 'read committed read write');
      if (migration > (await migrationOf(client))) throw newerBackup();
      const tables = await copiedTables(client);
      await lockEmpty(client, tables, address);
      await fill(client, tables, frames);
      await client.query('commit');
    });
  } finally {
    await frames.return();
  }
}

/** Keeps everybody else from writing until the transaction ends. */
async function lockEmpty(client: ClientBase, tables: readonly CopiedTable[], address: Address): Promise<void> {
  await client.query(`lock table ${tables.map(({ name }) => named(name)).join(', ')} in share row exclusive mode`);
  for (const { name } of tables) {
    const { rows } = await client.query(`select from ${named(name)} limit 1`);
    if (rows.length === 0) continue;
    throw new StoreError(
      'not-empty',
      `${describe(address)} is in use already`,
      'Restore into a new database: set DATABASE_URL to one, or SPIRAL_HOME to a new folder.',
    );
  }
}

async function fill(client: ClientBase, tables: readonly CopiedTable[], frames: AsyncIterator<Frame>): Promise<void> {
  let frame = await next(frames);
  while (frame?.kind === 'T') {
    const table = readTable(frame);
    refuseUnknown(table, tables);
    const rows = rowsIn(frames);
    await pipeline(
      rows.bytes,
      client.query(copyFrom(`copy ${named(table.table)} (${columnList(table.columns)}) from stdin`)),
    );
    frame = rows.following();
  }
  if (!frame) throw damaged('it has no end');
  await setPositions(client, readEnd(frame).sequences);
  if (await next(frames)) throw damaged('something follows its end');
}

/** The rows of the table that was named last, and the frame behind them. */
function rowsIn(frames: AsyncIterator<Frame>): {
  readonly bytes: AsyncIterable<Buffer>;
  following(): Frame | undefined;
} {
  let frame: Frame | undefined;
  async function* bytes() {
    for (frame = await next(frames); frame?.kind === 'D'; frame = await next(frames)) yield frame.bytes;
  }
  return { bytes: bytes(), following: () => frame };
}

/** Names that are not ours never reach a statement. */
function refuseUnknown({ table, columns }: BackupTable, tables: readonly CopiedTable[]): void {
  const ours = tables.find(({ name }) => name === table);
  if (!ours || !columns.every((column) => ours.columns.includes(column))) throw damaged('it holds a table of its own');
}

async function setPositions(
  client: ClientBase,
  positions: readonly { readonly table: string; readonly column: string; readonly next: string }[],
): Promise<void> {
  const known = await numberedColumns(client);
  for (const { table, column, next: number } of positions) {
    if (!known.some((other) => other.table === table && other.column === column)) {
      throw damaged('it holds a table of its own');
    }
    // Unlike `setval` this is undone when the transaction is.
    await client.query(
      `alter table ${named(table)} alter column ${pg.escapeIdentifier(column)} restart with ${number}`,
    );
  }
}

async function next(frames: AsyncIterator<Frame>): Promise<Frame | undefined> {
  const { done, value } = await frames.next();
  return done ? undefined : value;
}
