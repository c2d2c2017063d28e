import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { StoreError } from '../../store.ts';
import { dataVersion, serverUser } from './data.ts';
import { unless } from './file-errors.ts';
import { passwordOf } from './password.ts';
import { type Place, type PlaceOptions, placeIn } from './place.ts';
import { becomePresent } from './presence.ts';
import { findServer, host, stopServer } from './server.ts';
import { unavailable } from './unavailable.ts';
import { serverDatabase } from './use.ts';

export type EmbeddedPostgres = {
  /** Holds the password. It stays valid when the server is started again, as long as its port is still free. */
  readonly databaseUrl: string;
  /** Of the moment of opening. */
  readonly serverPid: number;
  /** To be called after every other connection is closed. The last process that leaves stops the server. */
  leave(): Promise<void>;
};

/**
 * A real PostgreSQL under `home`: set up, started or joined as need be. It listens on the loopback address only, and may
 * outlive us when we are killed; the next one uses it again. Throws `StoreError` 'embedded-unavailable'.
 */
export async function openEmbeddedPostgres({
  home,
  ...options
}: { readonly home: string } & PlaceOptions): Promise<EmbeddedPostgres> {
  return explained(async () => {
    const place = await placeIn(home, options);
    const password = await passwordOf(place);
    const { server, leave } = await becomePresent(place, password);
    return { databaseUrl: urlOf(server.port, password), serverPid: server.pid, leave };
  });
}

export type EmbeddedStatus =
  /** Nothing was ever set up. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'stopped'; readonly version: string }
  | { readonly kind: 'running'; readonly version: string; readonly pid: number; readonly port: number };

/** What there is under `home`; starts and changes nothing. */
export async function embeddedStatus(home: string, options: PlaceOptions = {}): Promise<EmbeddedStatus> {
  return explained(async () => {
    const place = await existingPlace(home, options);
    if (!place) return { kind: 'absent' };
    const version = await dataVersion(place);
    if (version === undefined) return { kind: 'absent' };
    const found = await findServer(place);
    if (found.kind !== 'living') return { kind: 'stopped', version };
    const { pid, port } = found;
    return { kind: 'running', version: (await askVersion(place, port)) ?? version, pid, port };
  });
}

/**
 * Stops the server of `home` even while others use it; false when none runs. Throws `StoreError` when it does not stop
 * in time.
 */
export async function stopEmbeddedPostgres(home: string, options: PlaceOptions = {}): Promise<boolean> {
  return explained(async () => {
    const place = await existingPlace(home, options);
    if (!place) return false;
    const found = await findServer(place);
    if (found.kind !== 'living') return false;
    if (await stopServer(place, found.pid)) return true;
    throw unavailable('the embedded PostgreSQL does not stop', { hint: `Its process is ${found.pid}.` });
  });
}

async function existingPlace(home: string, options: PlaceOptions): Promise<Place | undefined> {
  const folder = await unless(stat(join(home, 'postgres')), 'ENOENT');
  return folder && placeIn(home, options);
}

function urlOf(port: number, password: string): string {
  // Said outright: PGSSLMODE in the environment is about other servers.
  return `postgres://${serverUser}:${password}@${host}:${port}/${serverDatabase}?sslmode=disable`;
}

async function askVersion(place: Place, port: number): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: urlOf(port, await passwordOf(place)) });
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return rows[0]?.server_version;
  } catch (error) {
    // It starts or stops just now; the version of the data is known without it.
    if (error instanceof Error) return undefined;
    throw error;
  } finally {
    await client.end();
  }
}

/** Whatever fails on the way, a full disk or a folder without rights included, has the same cure. */
async function explained<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError || !(error instanceof Error)) throw error;
    throw unavailable(`the embedded PostgreSQL cannot be used: ${error.message}`, { cause: error });
  }
}
