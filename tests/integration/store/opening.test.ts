import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import journal from '../../../src/store/migrations/meta/_journal.json' with { type: 'json' };
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { StoreError } from '../../../src/store/store.ts';
import { testDatabase } from '../../support/postgres.ts';
import { saved } from './examples.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;

beforeEach(async () => {
  database = await testDatabase();
});

afterEach(async () => {
  await database?.drop();
});

/** The error of an opening that must fail; neither it nor what it is caused by may show the password. */
async function failureOf(databaseUrl: string, password: string): Promise<StoreError> {
  const failure = await openPostgresStore({ databaseUrl }).then(
    (store) => store.close(),
    (error: unknown) => error,
  );
  if (!(failure instanceof StoreError)) throw new Error(`expected a StoreError, got ${String(failure)}`);
  for (const text of [failure.message, failure.cure, failure.stack, JSON.stringify(failure.cause)]) {
    expect(text ?? '').not.toContain(password);
  }
  expect(failure.message).not.toContain('\n');
  expect(failure.cure).not.toBe('');
  return failure;
}

function changed(change: (url: URL) => void): string {
  const url = new URL(database.url);
  change(url);
  return url.href;
}

const secret = 'hunter2-hunter2';

test('ten who open an empty database at the same moment all find the same tables', async () => {
  const stores = await Promise.all(Array.from({ length: 10 }, () => openPostgresStore({ databaseUrl: database.url })));
  for (const store of stores) {
    const { rows } = await store.pool.query('select count(*)::int as count from spiral.migrations');
    expect(rows).toEqual([{ count: journal.entries.length }]);
  }
  for (const store of stores) await saved(store);
  expect(await stores[9]?.tasks.list(20)).toHaveLength(10);
  await Promise.all(stores.map((store) => store.close()));
});

test('everything lies in one schema of its own', async () => {
  const store = await openPostgresStore({ databaseUrl: database.url });
  const { rows } = await store.pool.query(
    `select distinct table_schema from information_schema.tables
     where table_schema not in ('pg_catalog', 'information_schema')`,
  );
  expect(rows).toEqual([{ table_schema: 'spiral' }]);
  await store.close();
});

test('a server that is too old is refused, with its version and the one that is needed', async () => {
  const failure = await openPostgresStore({ databaseUrl: database.url, oldestServer: 99 }).catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({
    problem: 'too-old',
    message: expect.stringMatching(/is PostgreSQL \d+, and Spiral needs 99/),
  });
});

test('tables that a newer version made are left alone', async () => {
  const store = await openPostgresStore({ databaseUrl: database.url });
  await store.pool.query(`insert into spiral.migrations (hash, created_at) values ('x', 99999999999999)`);
  await store.close();
  expect(await failureOf(database.url, new URL(database.url).password || secret)).toMatchObject({
    problem: 'newer-schema',
  });
});

test('a wrong password is refused', async () => {
  const failure = await failureOf(
    changed((url) => {
      url.password = secret;
    }),
    secret,
  );
  expect(failure).toMatchObject({ problem: 'refused' });
  expect(failure.message).toContain('password');
});

test('a database that does not exist is refused by its name', async () => {
  const failure = await failureOf(
    changed((url) => {
      url.pathname = '/no_such_database';
    }),
    new URL(database.url).password || secret,
  );
  expect(failure).toMatchObject({ problem: 'refused' });
  expect(failure.message).toContain('no_such_database');
});

test('a user who may make no schema is refused, and told which right is missing', async () => {
  const administrator = await openPostgresStore({ databaseUrl: database.url });
  const role = `guest_${randomBytes(4).toString('hex')}`;
  await administrator.pool.query(`drop schema spiral cascade; create role ${role} login password '${secret}'`);
  const failure = await failureOf(
    changed((url) => {
      url.username = role;
      url.password = secret;
    }),
    secret,
  );
  expect(failure).toMatchObject({ problem: 'refused', cure: expect.stringContaining('GRANT CREATE ON DATABASE') });
  await administrator.pool.query(`drop role ${role}`);
  await administrator.close();
});

test('a server without TLS refuses who asks for it', async () => {
  const failure = await failureOf(
    changed((url) => {
      url.searchParams.set('sslmode', 'require');
    }),
    new URL(database.url).password || secret,
  );
  expect(failure).toMatchObject({ problem: 'refused' });
  expect(failure.message).toContain('TLS');
});

test('a port where nobody listens is unreachable', async () => {
  const port = await withServer(async (free) => free);
  const failure = await failureOf(`postgres://me:${secret}@127.0.0.1:${port}/spiral`, secret);
  expect(failure).toMatchObject({ problem: 'unreachable' });
  expect(failure.message).toContain(`"spiral" on 127.0.0.1:${port} as user "me"`);
  expect(failure.message).toContain('connection refused');
  expect(failure.cure).toContain('DATABASE_URL');
});

test('a host that does not exist is unreachable', async () => {
  const failure = await failureOf(`postgres://me:${secret}@host.invalid/spiral`, secret);
  expect(failure).toMatchObject({ problem: 'unreachable' });
});

test('a program that is no PostgreSQL and hangs up is unreachable', async () => {
  await withServer(async (port) => {
    const failure = await failureOf(`postgres://me:${secret}@127.0.0.1:${port}/spiral`, secret);
    expect(failure).toMatchObject({ problem: 'unreachable' });
  });
});

/** Gives the port of a server that hangs up on everybody; it is free again afterwards. */
async function withServer<Result>(work: (port: number) => Promise<Result>): Promise<Result> {
  const server: Server = createServer((socket) => socket.destroy());
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  try {
    return await work(port);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
