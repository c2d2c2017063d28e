import type { Config } from '../config/config.ts';
import type { Store } from '../store/store.ts';
import { plainError } from './plain-errors.ts';

/** A PostgreSQL server that runs: the configured one, else the one that Spiral brings. */
type DatabaseServer = {
  /** Carries a password. */
  readonly databaseUrl: string;
  /** It is the one that Spiral brings: nobody else's tables are in it. */
  readonly isEmbedded: boolean;
  /** To be called after every connection is closed. */
  leave(): Promise<void>;
};

type OpenDatabase = {
  readonly store: Store;
  /** Carries a password: for the queue, which may lie in the same database. */
  readonly databaseUrl: string;
  close(): Promise<void>;
};

/** Throws `SpiralError`. Nothing is asked of a configured server yet. */
export async function openServer({ database }: Pick<Config, 'database'>, stateRoot: string): Promise<DatabaseServer> {
  if (database.url) return { databaseUrl: database.url.reveal(), isEmbedded: false, leave: async () => undefined };
  try {
    const { openEmbeddedPostgres } = await import('../store/postgres/embedded/embedded-postgres.ts');
    const { databaseUrl, leave } = await openEmbeddedPostgres({ home: stateRoot });
    return { databaseUrl, isEmbedded: true, leave };
  } catch (error) {
    throw plainError(error);
  }
}

/** Opens the store on a server that may still start meanwhile. Throws `SpiralError`. */
export async function openStore(server: Promise<DatabaseServer>): Promise<Store> {
  try {
    // Loaded while the server starts.
    const [{ openPostgresStore }, { databaseUrl }] = await Promise.all([
      import('../store/postgres/postgres-store.ts'),
      server,
    ]);
    return await openPostgresStore({ databaseUrl });
  } catch (error) {
    throw plainError(error);
  }
}

/** Opens the configured database, else the embedded one. Throws `SpiralError`. */
export async function openDatabase(config: Pick<Config, 'database'>, stateRoot: string): Promise<OpenDatabase> {
  const server = await openServer(config, stateRoot);
  try {
    const store = await openStore(Promise.resolve(server));
    return {
      store,
      databaseUrl: server.databaseUrl,
      async close() {
        await store.close();
        await server.leave();
      },
    };
  } catch (error) {
    await server.leave();
    throw error;
  }
}
