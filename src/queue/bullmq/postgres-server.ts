import { Socket } from 'node:net';
import {
  type BackendFactory,
  isPgPool,
  PostgresConnection,
  type PostgresConnectionOptions,
  Queue,
  Worker,
} from 'bullmq';
import { Pool } from 'pg';
import type { ServerAddress } from './connection.ts';
import { PatientBackend } from './patient-backend.ts';
import { prepareSchema } from './postgres-schema.ts';
import type { QueueServer } from './queue-server.ts';
import type { QueueTiming } from './timing.ts';

/** Connections for the commands of all lanes; every worker adds one for its LISTEN. */
const commandConnections = 4;

/** Events of BullMQ that nobody reads; few are kept. */
const streams = { events: { maxLen: 100 } };

/** PostgreSQL behind the queue: BullMQ's tables in a schema of their own, and one pool for everything. */
export function postgresServer(
  address: ServerAddress,
  timing: QueueTiming,
  report: (trouble: unknown) => void,
): QueueServer {
  const sockets = new Set<Socket>();
  const pool = openPool(address, timing, sockets);
  pool.on('error', report);
  if (!isPgPool(pool)) throw new TypeError('BullMQ does not take this version of pg for a pool');
  let reaching: Promise<void> | undefined;
  const backend: BackendFactory<PatientBackend, PostgresConnectionOptions> = (name, options) =>
    new PatientBackend(new PostgresConnection(pool), name, options, timing.reconnectPause);

  return {
    async reach() {
      reaching ??= prepareSchema(pool);
      try {
        await reaching;
      } catch (error) {
        reaching = undefined;
        throw error;
      }
    },
    queue: (lane) => new Queue(lane, { connection: pool, streams }, backend),
    worker(lane, carryOut, settings) {
      pool.options.max += 1;
      let counted = true;
      return {
        worker: new Worker(lane, carryOut, { connection: pool, ...settings }, backend),
        sever() {
          if (counted) pool.options.max -= 1;
          counted = false;
        },
      };
    },
    close: () => pool.end(),
    sever() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** A pool whose sockets are known, so that they can be cut off when the server no longer answers. */
function openPool(address: ServerAddress, timing: QueueTiming, sockets: Set<Socket>): Pool {
  const pool = new Pool({
    connectionString: withSearchPath(address.url),
    fallback_application_name: 'spiral-queue',
    max: commandConnections,
    connectionTimeoutMillis: timing.connect,
    query_timeout: timing.command,
    keepAlive: true,
    stream() {
      const socket = new Socket();
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      return socket;
    },
  });
  // Every lane listens to the pool.
  pool.setMaxListeners(0);
  // A client that is in use belongs to nobody's error listener but this; without one, a lost connection ends the process.
  pool.on('connect', (client) => client.on('error', heard));
  return pool;
}

/** BullMQ names its tables without their schema. An option in the address would win over one beside it. */
function withSearchPath(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  const given = url.searchParams.get('options');
  url.searchParams.set('options', `${given === null ? '' : `${given} `}-c search_path=bullmq,public`);
  return url.href;
}

/** The query that failed with the connection tells. */
function heard(): undefined {
  return undefined;
}
