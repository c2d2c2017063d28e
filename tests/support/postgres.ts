import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll } from 'vitest';
import { type EmbeddedPostgres, openEmbeddedPostgres } from '../../src/store/postgres/embedded/embedded-postgres.ts';

const abandonedAfterSeconds = 60 * 60;

let embedded: Promise<EmbeddedPostgres> | undefined;

/**
 * An empty database of its own on a real server: that of TEST_DATABASE_URL, else an embedded one in the temporary folder,
 * which all test processes share and the last one stops.
 */
export async function testDatabase(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const server = await serverUrl();
  const name = `test_${secondsNow()}_${randomBytes(4).toString('hex')}`;
  await asAdministrator(server, async (client) => {
    await dropAbandoned(client);
    await client.query(`create database ${name}`);
  });
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () =>
      asAdministrator(server, async (client) => {
        await client.query(`drop database if exists ${name} with (force)`);
      }),
  };
}

async function serverUrl(): Promise<string> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) return given;
  // One home for all runs: setting a server up takes longer than most tests.
  embedded ??= openEmbeddedPostgres({ home: join(tmpdir(), `spiral-tests-${process.getuid?.() ?? 'all'}`) });
  return (await embedded).databaseUrl;
}

afterAll(async () => {
  const opened = await embedded;
  embedded = undefined;
  await opened?.leave();
});

/** Databases of test runs that were killed. */
async function dropAbandoned(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    `select datname from pg_database where datname ~ '^test_\\d+_'`,
  );
  for (const { datname } of rows) {
    if (Number(datname.split('_')[1]) > secondsNow() - abandonedAfterSeconds) continue;
    await client.query(`drop database if exists ${datname} with (force)`);
  }
}

async function asAdministrator(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function secondsNow(): number {
  return Math.floor(Date.now() / 1000);
}
