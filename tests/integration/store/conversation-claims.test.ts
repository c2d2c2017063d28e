import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { testDatabase } from '../../support/postgres.ts';
import { newConversationId, type OpenStore } from './conversation-examples.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let store: OpenStore;

beforeAll(async () => {
  database = await testDatabase();
  store = await openPostgresStore({ databaseUrl: database.url });
});

afterAll(async () => {
  await store?.close();
  await database?.drop();
});

test('one at a time claims a conversation, of two processes and of one', async () => {
  const other = await openPostgresStore({ databaseUrl: database.url });
  const id = newConversationId();
  const stores = [store, other, store, other, store, other];
  const claims = await Promise.all(stores.map((one) => one.conversations.claim(id)));
  const [claim, ...more] = claims.flatMap((one) => (one ? [one] : []));
  expect(more).toEqual([]);
  expect(await other.conversations.claim(newConversationId())).toBeDefined();
  await claim?.release();
  await claim?.release();
  const next = await other.conversations.claim(id);
  expect(next).toBeDefined();
  expect(await store.conversations.claim(id)).toBeUndefined();
  await other.close();
  expect(await store.conversations.claim(id)).toBeDefined();
});

test('the claim of a process whose connection is gone is free, and the process can claim again', async () => {
  const victim = await openPostgresStore({ databaseUrl: database.url, applicationName: 'victim' });
  const id = newConversationId();
  const lost = await victim.conversations.claim(id);
  expect(await store.conversations.claim(id)).toBeUndefined();
  const { rows } = await store.pool.query(
    `select pg_terminate_backend(pid, 10000) from pg_stat_activity
     where datname = current_database() and application_name like 'victim%'`,
  );
  expect(rows.length).toBeGreaterThan(0);
  const claim = await store.conversations.claim(id);
  expect(claim).toBeDefined();
  // Letting go of what is lost does not take it from whoever has it now.
  await lost?.release();
  expect(await store.conversations.claim(id)).toBeUndefined();
  await claim?.release();
  await expect.poll(() => victim.conversations.claim(id).catch(() => undefined)).toBeDefined();
  await victim.close();
});
