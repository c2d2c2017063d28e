import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { testDatabase } from '../../support/postgres.ts';
import { acceptedNews, exampleTask, leased, newTaskId, progress } from './examples.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let store: Awaited<ReturnType<typeof openPostgresStore>>;

beforeEach(async () => {
  database = await testDatabase();
  store = await openPostgresStore({ databaseUrl: database.url });
});

afterEach(async () => {
  await store?.close();
  await database?.drop();
});

/** Lets the server refuse whatever is written to a table of ours, with an error of this state. */
async function refuseWrites(table: string, sqlState: string) {
  await store.pool.query(`
    create function refuse() returns trigger language plpgsql as
    $$ begin raise exception 'could not extend file: No space left on device' using errcode = '${sqlState}'; end $$;
    create trigger refuse before insert or update on spiral.${table} execute function refuse();
  `);
}

async function allowWrites() {
  await store.pool.query('drop function refuse() cascade');
}

test('a state is not saved when the events that tell of it cannot be', async () => {
  const writer = await leased(store);
  const before = await store.tasks.get(writer.taskId);
  await refuseWrites('events', 'P0001');
  const news = [{ news: progress(writer.taskId, 'done') }];
  await expect(store.tasks.advance(writer, { kind: 'finished', status: 'failed' }, news)).rejects.toThrow();
  await expect(
    store.tasks.append(writer, news, [{ round: 1, key: 'a', kind: 'notice', title: '', text: '' }]),
  ).rejects.toThrow();
  const task = exampleTask();
  await expect(store.tasks.create(task, acceptedNews(task))).rejects.toThrow();
  expect(await store.tasks.get(writer.taskId)).toEqual(before);
  expect(await store.tasks.output(writer.taskId)).toEqual([]);
  expect(await store.tasks.get(task.id)).toBeUndefined();

  await allowWrites();
  expect(await store.tasks.advance(writer, { kind: 'finished', status: 'failed' }, news)).toMatchObject({
    state: { kind: 'finished' },
  });
});

test.each(['53100', '53200'])(
  'error %s of a full server is told as such by every write, and nothing is saved',
  async (state) => {
    const writer = await leased(store);
    const before = await store.events.last();
    const full = { name: 'StoreError', problem: 'full' };
    const task = exampleTask();
    const news = [{ news: progress(writer.taskId, 'x') }];
    const piece = { round: 1, key: 'a', kind: 'notice', title: '', text: '' } as const;

    await refuseWrites('events', state);
    await expect(store.tasks.create(task, acceptedNews(task))).rejects.toMatchObject(full);
    await expect(store.tasks.advance(writer, { kind: 'accepted' }, news)).rejects.toMatchObject(full);
    await expect(store.tasks.append(writer, news, [piece])).rejects.toMatchObject(full);
    await allowWrites();
    await refuseWrites('tasks', state);
    await expect(store.tasks.create(task, acceptedNews(task))).rejects.toMatchObject(full);
    await expect(store.tasks.requestCancel(writer.taskId)).rejects.toMatchObject(full);
    await expect(store.tasks.renew(writer, 5)).rejects.toMatchObject(full);
    await expect(store.tasks.release(writer)).rejects.toMatchObject(full);
    await expect(store.tasks.occupy(writer)).rejects.toMatchObject(full);
    await allowWrites();

    expect(await store.events.last()).toBe(before);
    expect(await store.tasks.output(writer.taskId)).toEqual([]);
    await store.tasks.append(writer, news, [piece]);
    expect(await store.events.last()).toBeGreaterThan(before);
  },
);

test('an unforeseen error is that of the server, without the values of the statement', async () => {
  const secret = newTaskId();
  const task = exampleTask({ text: secret });
  await store.tasks.create(task, acceptedNews(task));
  const failure = await store.tasks.create(task, acceptedNews(task)).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: '23505' });
  expect(String(failure)).not.toContain(secret);
});

test('a connection that ends between two statements of a transaction is an error of the call, not of the process', async () => {
  const writer = await leased(store);
  const other = await openPostgresStore({ databaseUrl: database.url, applicationName: 'bystander' });
  // Holds the lock that `append` waits for in the middle of its transaction.
  const blocker = await other.pool.connect();
  await blocker.query('begin; lock table spiral.events');
  const appending = store.tasks
    .append(writer, [{ news: progress(writer.taskId, 'x') }])
    .catch((error: unknown) => error);
  let waiting = 0;
  while (waiting === 0) {
    const { rows } = await other.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'spiral' and wait_event_type = 'Lock'`,
    );
    waiting = rows.length;
  }
  expect(await appending).toMatchObject({ name: 'StoreError', problem: 'unreachable' });
  await blocker.query('commit');
  blocker.release();
  await other.close();
  await store.tasks.append(writer, [{ news: progress(writer.taskId, 'again') }]);
});

test('more calls at once than connections all come to their end', async () => {
  const writer = await leased(store);
  const calls = Array.from({ length: 60 }, (_, index) =>
    store.tasks.append(writer, [{ news: progress(writer.taskId, String(index)) }]),
  );
  await Promise.all([...calls, ...Array.from({ length: 60 }, () => store.tasks.list(5))]);
  expect(await store.events.read({ after: 0, taskId: writer.taskId }, 100)).toHaveLength(61);
});
