import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConversationId } from '../../../src/domain/identifiers.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { testDatabase } from '../../support/postgres.ts';
import { attempts, messageOf, type OpenStore, opened, reply } from './conversation-examples.ts';

const flood = 10_000;

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

/** As if a person had sent so many messages, of which the first were read. */
async function flooded(id: ConversationId, count: number, read = 0): Promise<void> {
  await store.pool.query(
    `insert into spiral.messages (conversation_id, number, key, author, text, mentions)
     select $1, n, 'flood-' || n, 'human', 'message ' || n, '{}' from generate_series(1, $2::int) n`,
    [id, count],
  );
  await store.pool.query(
    `insert into spiral.mail (conversation_id, number, agent, settled_at)
     select $1, number, unnest(members), case when number <= $2 then now() end from spiral.messages join spiral.conversations on id = conversation_id
     where conversation_id = $1`,
    [id, read],
  );
  await store.pool.query('update spiral.conversations set last_number = $2, counts = $3 where id = $1', [
    id,
    count,
    JSON.stringify({ human: count }),
  ]);
}

/** How many rows of messages and mail the server looks at meanwhile. */
async function rowsReadBy(work: () => Promise<unknown>): Promise<number> {
  const before = await rowsRead();
  await work();
  return (await rowsRead()) - before;
}

async function rowsRead(): Promise<number> {
  // Each connection tells what it has read when it is asked to.
  await Promise.all(
    Array.from({ length: store.pool.totalCount }, () => store.pool.query('select pg_stat_force_next_flush()')),
  );
  const { rows } = await store.pool.query(
    `select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int as read
     from pg_stat_all_tables where schemaname = 'spiral' and relname in ('messages', 'mail')`,
  );
  return rows[0].read;
}

test('the next mail, the next wake-up and the next message are found at once however many lie there', async () => {
  const { id } = await opened(store, { allowance: { each: 1_000, all: 1_000 } });
  await flooded(id, flood, flood - 1_000);
  const steps = 30;
  const read = await rowsReadBy(async () => {
    for (let step = 0; step < steps; step++) {
      const mail = await store.conversations.take(id, attempts);
      if (!mail) throw new Error('there is mail');
      expect(
        await store.conversations.settle(mail, step % 3 === 0 ? reply : { kind: 'declined', reason: 'no' }),
      ).toMatchObject({ kind: 'settled' });
      await store.conversations.publish(messageOf(id));
      expect((await store.conversations.withMail(10)).length).toBeGreaterThan(0);
      expect(await store.conversations.nextAt(id)).toBeDefined();
      expect(await store.conversations.messages(id, flood - 5, 5)).toHaveLength(5);
    }
  });
  expect(read).toBeGreaterThan(0);
  expect(read / steps).toBeLessThan(50);
});

test('what waits in a conversation with ten thousand messages is counted, and closed, in one go', async () => {
  const { id } = await opened(store);
  await flooded(id, flood);
  expect(await store.conversations.get(id)).toMatchObject({ unread: 3 * flood, counts: { human: flood } });
  expect((await store.conversations.list(1_000)).length).toBeGreaterThan(1);
  expect(await store.conversations.close(id, 'too much')).toBe(true);
  expect(await store.conversations.get(id)).toMatchObject({ unread: 0 });
});
