import { readFileSync } from 'node:fs';
import pg from 'pg';
import { expect, test } from 'vitest';
import type { MachineId, TaskId } from '../../../src/domain/identifiers.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { testDatabase } from '../../support/postgres.ts';
import { holder } from './examples.ts';
import { promptNews, wishOf, working } from './spending.ts';

const migrations = new URL('../../../src/store/migrations/', import.meta.url);

/** Makes the tables as the first version of Spiral made them. */
async function makeFirstTables(client: pg.Client): Promise<void> {
  const journal: { entries: { when: number }[] } = JSON.parse(
    readFileSync(new URL('meta/_journal.json', migrations), 'utf8'),
  );
  await client.query(readFileSync(new URL('0000_tasks-and-events.sql', migrations), 'utf8'));
  await client.query('create table spiral.migrations (id serial primary key, hash text not null, created_at bigint)');
  await client.query(`insert into spiral.migrations (hash, created_at) values ('first', $1)`, [
    journal.entries[0]?.when,
  ]);
}

test('a database of the first version keeps its rows, and the work in it goes on', async () => {
  const database = await testDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await makeFirstTables(client);
  const [running, done] = ['aaaa1111', 'bbbb2222'] as TaskId[];
  if (!running || !done) throw new Error('two tasks');
  const state = {
    kind: 'verified',
    analysis: working(1).analysis,
    round: 1,
    verdict: { kind: 'failed', failures: 'x' },
  };
  const columns = `(id, text, agent, origin, workspace, machine, model, session_id, prompt_limit, round_timeout_seconds, state,
    attempt, finished_at)`;
  await client.query(
    `insert into spiral.tasks ${columns} values
      ($1, 'running', 'developer', 'cli', '/home/me/a', 'machine-1', 'sonnet', 's', 2, 600, $2, 3, null),
      ($3, 'done', 'developer', 'cli', '/home/me/b', 'machine-1', 'sonnet', 's', 2, 600,
        '{"kind":"finished","status":"succeeded"}', 1, now())`,
    [running, JSON.stringify(state), done],
  );
  const finished = { type: 'engine.finished', taskId: running, costUsd: 0.25 };
  for (const news of [promptNews(running, 1).news, finished]) {
    await client.query('insert into spiral.events (body) values ($1)', [JSON.stringify(news)]);
  }
  await client.query(
    `insert into spiral.output (task_id, key, round, kind, title, text) values ($1, 'a', 1, 'model', 't', 'words')`,
    [running],
  );
  await client.end();

  const store = await openPostgresStore({ databaseUrl: database.url });
  const task = await store.tasks.get(running);
  expect(task).toMatchObject({ text: 'running', attempt: 3, promptsUsed: 1, costUsd: 0.25, state });
  expect(task).not.toHaveProperty('repository');
  expect(task).not.toHaveProperty('night');
  expect((await store.tasks.unfinished('machine-1' as MachineId)).map(({ id }) => id)).toEqual([running]);
  expect(await store.tasks.output(running)).toMatchObject([{ text: 'words' }]);
  expect(await store.events.last()).toBe(2);

  const lease = await store.tasks.lease(running, holder, 60);
  if (lease.kind !== 'leased') throw new Error(`the lease is ${lease.kind}`);
  const writer = { taskId: running, attempt: lease.attempt };
  const limits = [{ scope: `task:${running}`, limit: { usd: 1 } }] as const;
  expect(await store.tasks.beginRound(writer, working(2), [promptNews(running, 2)], limits)).toMatchObject({
    kind: 'begun',
  });
  expect(await store.tasks.beginRound(writer, working(3), [promptNews(running, 3)], limits)).toMatchObject({
    kind: 'short',
    shortage: { limit: 2, spent: 2 },
  });
  expect(await store.budgets.reserve(wishOf(limits, { taskId: running }))).toMatchObject({ kind: 'reserved' });
  await store.close();
  await database.drop();
});
