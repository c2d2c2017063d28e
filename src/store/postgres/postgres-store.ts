import pg from 'pg';
import type { Store } from '../store.ts';
import { type ReadAddress, readAddress } from './address.ts';
import { openBell } from './bell.ts';
import { budgetsIn } from './budgets.ts';
import { conversationsIn } from './conversations/conversations.ts';
import { databaseOf } from './database.ts';
import { lastEvent, newestEvent, readEvents } from './events.ts';
import { openHolds } from './holds.ts';
import { migrate } from './migrations.ts';
import { innermost, problemOf } from './problem.ts';
import { questionsIn } from './questions.ts';
import { slotsIn } from './slots.ts';
import { surfacesIn } from './surfaces.ts';
import { tasksIn } from './tasks.ts';
import { testsIn } from './test-rounds.ts';
import { toolRequestsIn } from './tool-requests/tool-requests.ts';
import { toolsIn } from './tools/tools.ts';
import { upkeepIn } from './upkeep.ts';
import { upstreamsIn } from './upstreams.ts';
import { watchEvents } from './watch.ts';

const mostConnections = 8;
const connectWithinMs = 10_000;
const idleForMs = 30_000;
// A connection that died with the network is noticed within some twenty seconds, not hours.
const keepAliveAfterMs = 10_000;

export type PostgresStoreOptions = {
  /** A `postgres://` URL; may hold a password, which no message repeats. */
  readonly databaseUrl: string;
  /** What the connections are called in `pg_stat_activity`. */
  readonly applicationName?: string;
  /** Servers of an older major version are refused. */
  readonly oldestServer?: number;
};

/**
 * Opens the store on a PostgreSQL server (14 or newer) and brings its tables, all in the schema `spiral`, up to date.
 * Throws `StoreError` when the database cannot be used. `close()` ends every watch and every connection.
 */
export async function openPostgresStore({
  databaseUrl,
  applicationName = 'spiral',
  oldestServer = 14,
}: PostgresStoreOptions): Promise<Store & { readonly pool: pg.Pool }> {
  const { address, connectionString } = readAddress(databaseUrl);
  const settings = settingsOf(connectionString, applicationName);
  const pool = new pg.Pool({ max: mostConnections, idleTimeoutMillis: idleForMs, Client: clientOf(settings) });
  // An idle connection that is lost has left the pool already; without a listener its error would end the process.
  pool.on('error', () => undefined);
  try {
    await prepare(pool, address, oldestServer);
  } catch (error) {
    await pool.end();
    throw problemOf(error, address) ?? innermost(error);
  }

  const database = databaseOf(pool, address);
  const bell = openBell(() => new pg.Client({ ...settings, application_name: `${applicationName}-watch` }));
  const holds = openHolds(() => new pg.Client({ ...settings, application_name: `${applicationName}-holds` }));
  const closing = new AbortController();
  let closed: Promise<void> | undefined;
  return {
    pool,
    slots: slotsIn(holds),
    tasks: tasksIn(database),
    conversations: conversationsIn(database, holds, address),
    events: {
      read: (filter, limit) => readEvents(database, filter, limit),
      last: () => lastEvent(database),
      newest: (taskId) => newestEvent(database, taskId),
      watch: (filter, signal) =>
        watchEvents(filter, AbortSignal.any([signal, closing.signal]), {
          read: (from, limit) => readEvents(database, from, limit),
          bell,
        }),
    },
    budgets: budgetsIn(database),
    questions: questionsIn(database),
    upstreams: upstreamsIn(database),
    tests: testsIn(database),
    tools: toolsIn(database),
    toolRequests: toolRequestsIn(database),
    surfaces: surfacesIn(database),
    upkeep: upkeepIn(database, address),
    close() {
      closed ??= (async () => {
        closing.abort();
        await Promise.all([bell.close(), holds.close()]);
        await pool.end();
      })();
      return closed;
    },
  };
}

function settingsOf(connectionString: ReadAddress['connectionString'], applicationName: string): pg.ClientConfig {
  return {
    connectionString,
    application_name: applicationName,
    connectionTimeoutMillis: connectWithinMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveAfterMs,
  };
}

/** Given to the pool itself, the time limit would also end calls that only wait for their turn. */
function clientOf(settings: pg.ClientConfig): new () => pg.Client {
  return class extends pg.Client {
    constructor() {
      super(settings);
    }
  };
}

async function prepare(pool: pg.Pool, address: ReadAddress['address'], oldestServer: number): Promise<void> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await migrate(client, address, oldestServer);
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}
