import { sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Pool, PoolClient } from 'pg';
import type { Address } from './address.ts';
import { lockNumbers } from './locks.ts';
import { innermost, problemOf } from './problem.ts';

/** What a statement is sent through: a connection inside a transaction, or the pool. */
export type Statements = NodePgDatabase;

/** The database behind the store. Whatever fails here is thrown as a `StoreError` when it is a foreseen problem. */
export type Database = {
  /** Sends single statements; each is a transaction of its own. */
  query<Result>(work: (statements: Statements) => Promise<Result>): Promise<Result>;
  /** Commits when `work` resolves, rolls back when it rejects. */
  transaction<Result>(work: (statements: Statements) => Promise<Result>): Promise<Result>;
  /**
   * Lends a connection for what the driver does without statements, for example to copy a table. When `work` rejects, the
   * connection is closed, in whatever state it is, and the server rolls back what was not committed.
   */
  connection<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result>;
};

export function databaseOf(pool: Pool, address: Address): Database {
  const statements = drizzle(pool);
  const explained = (error: unknown) => problemOf(error, address) ?? innermost(error);
  return {
    async query(work) {
      try {
        return await work(statements);
      } catch (error) {
        throw explained(error);
      }
    },
    async transaction(work) {
      try {
        return await inTransaction(pool, work);
      } catch (error) {
        throw explained(error);
      }
    },
    async connection(work) {
      try {
        return await onConnection(pool, work);
      } catch (error) {
        throw explained(error);
      }
    },
  };
}

/** Waits for a lock that the end of the transaction gives back. */
export async function lockUntilCommit(
  statements: Statements,
  guarded: Parameters<typeof lockNumbers>[0],
): Promise<void> {
  const [family, number] = lockNumbers(guarded);
  await statements.execute(sql`select pg_advisory_xact_lock(${family}::int, ${number}::int)`);
}

async function onConnection<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  let done = false;
  try {
    const result = await work(client);
    done = true;
    return result;
  } finally {
    client.release(broken ?? !done);
    if (done) client.off('error', onError);
  }
}

/**
 * drizzle's own transaction leaks the connection when `begin` fails, lets an error between two statements end the
 * process, and hides the first error behind that of the rollback.
 */
async function inTransaction<Result>(pool: Pool, work: (statements: Statements) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    // Roles and databases can have another default; the promises of this store rest on this one.
    await client.query('begin isolation level read committed read write');
    const result = await work(drizzle(client));
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken ??= failure;
    });
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}
