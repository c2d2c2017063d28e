import pg from 'pg';
import { lockNumbers } from '../locks.ts';
import { serverUser } from './data.ts';
import { host } from './server.ts';

export const serverDatabase = 'postgres';

const applicationName = 'spiral-use';
const connectWithinMs = 5_000;
const lockWithinMs = 30_000;

/** Why a server could not be entered; `again` means that it is worth another try. */
export type NoEntry = 'again' | 'wrong-password';

/** Our presence on a server, known to all who use it. */
export type Use = {
  /** Resolves when the connection is gone. */
  readonly lost: Promise<void>;
  /** Gives our presence up. True when nobody else is present: then no newcomer gets in until `end`, or the server stops. */
  leave(): Promise<boolean>;
  end(): Promise<void>;
};

const wrongPassword = ['28P01', '28000'];

/**
 * Makes our presence known by a shared lock on a connection of its own, which the server gives back even when we are
 * killed. Whoever leaves and then gets the same lock alone is the last.
 */
export async function enter(port: number, password: string): Promise<Use | NoEntry> {
  const client = new pg.Client({
    host,
    port,
    password,
    user: serverUser,
    database: serverDatabase,
    application_name: applicationName,
    connectionTimeoutMillis: connectWithinMs,
    lock_timeout: lockWithinMs,
    ssl: false,
  });
  const lost = new Promise<void>((resolve) => client.once('end', resolve));
  // An error outside of a query is followed by the end, and that is what `lost` is for.
  client.on('error', () => undefined);
  const lock = [...lockNumbers('use')];
  try {
    await client.connect();
    // Waits while the last one out shuts the server down; that ends this connection, and the caller starts over.
    await client.query('select pg_advisory_lock_shared($1, $2)', lock);
  } catch (error) {
    await client.end();
    return wrongPassword.includes(codeOf(error)) ? 'wrong-password' : 'again';
  }
  return {
    lost,
    async leave() {
      try {
        await client.query('select pg_advisory_unlock_shared($1, $2)', lock);
        const { rows } = await client.query<{ alone: boolean }>('select pg_try_advisory_lock($1, $2) as alone', lock);
        return rows[0]?.alone ?? false;
      } catch (error) {
        // The server is gone, or about to be: somebody else was the last, or it crashed.
        if (error instanceof Error) return false;
        throw error;
      }
    },
    end: () => client.end(),
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
