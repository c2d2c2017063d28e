import type { Config } from '../config/config.ts';
import type { Store } from '../store/store.ts';
import { plainError } from './plain-errors.ts';

export type OpenDatabase = {
  readonly store: Store;
  /** Carries a password: for the queue, which may lie in the same database. */
  readonly databaseUrl: string;
  close(): Promise<void>;
};

/** Opens the configured database, else the embedded one. Throws `SpiralError`. */
export async function openDatabase(config: Pick<Config, 'database'>, stateRoot: string): Promise<OpenDatabase> {
  try {
    const { openPostgresStore } = await import('../store/postgres/postgres-store.ts');
    if (config.database.url) {
      const databaseUrl = config.database.url.reveal();
      const store = await openPostgresStore({ databaseUrl });
      return { store, databaseUrl, close: () => store.close() };
    }
    const { openEmbeddedPostgres } = await import('../store/postgres/embedded/embedded-postgres.ts');
    const server = await openEmbeddedPostgres({ home: stateRoot });
    try {
      const store = await openPostgresStore({ databaseUrl: server.databaseUrl });
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
  } catch (error) {
    throw plainError(error);
  }
}
