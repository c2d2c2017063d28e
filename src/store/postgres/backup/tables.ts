import pg, { type ClientBase } from 'pg';

/** A table as it is copied: without columns that the server computes. */
export type CopiedTable = { readonly name: string; readonly columns: readonly string[] };

/** Rows look the same in every backup, whatever the defaults of a role or a database; and a big table may take its time. */
const settings = [
  `set local client_encoding to 'UTF8'`,
  `set local datestyle to 'ISO, YMD'`,
  `set local timezone to 'UTC'`,
  `set local extra_float_digits to 1`,
  `set local statement_timeout to 0`,
  `set local idle_in_transaction_session_timeout to 0`,
];

/** Begins the transaction that a backup is written or restored in. */
export async function beginCopying(client: ClientBase, mode: string): Promise<void> {
  await client.query(`begin isolation level ${mode}`);
  for (const setting of settings) await client.query(setting);
}

/** Every table of ours but the list of migrations; one that refers to others comes behind them. */
export async function copiedTables(client: ClientBase): Promise<CopiedTable[]> {
  const { rows } = await client.query<CopiedTable>(`
    with recursive depths (oid, depth) as (
      select oid, 0 from pg_class where relnamespace = 'spiral'::regnamespace
      union all
      select conrelid, depth + 1 from pg_constraint join depths on depths.oid = confrelid
      where contype = 'f' and conrelid <> confrelid
    )
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'spiral'
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relkind = 'r' and c.relname <> 'migrations'
    group by c.oid, c.relname
    order by (select max(depth) from depths where depths.oid = c.oid), c.relname
  `);
  return rows;
}

/** The columns that number their rows, with their sequences. */
export async function numberedColumns(
  client: ClientBase,
): Promise<{ readonly table: string; readonly column: string; readonly sequence: string }[]> {
  const { rows } = await client.query<{ table: string; column: string; sequence: string }>(`
    select c.relname as table, a.attname as column,
      pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) as sequence
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'spiral'
    join pg_attribute a on a.attrelid = c.oid and a.attidentity <> '' and not a.attisdropped
    where c.relkind = 'r' and c.relname <> 'migrations'
    order by c.relname, a.attname
  `);
  return rows;
}

/** The number of the newest migration of these tables: when it was written, in milliseconds since the epoch. */
export async function migrationOf(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ newest: string }>('select max(created_at) as newest from spiral.migrations');
  return Number(rows[0]?.newest);
}

export function named(table: string): string {
  return `spiral.${pg.escapeIdentifier(table)}`;
}

export function columnList(columns: readonly string[]): string {
  return columns.map((column) => pg.escapeIdentifier(column)).join(', ');
}
