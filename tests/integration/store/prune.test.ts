import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TaskId } from '../../../src/domain/identifiers.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import type { NewTask } from '../../../src/store/store.ts';
import { testDatabase } from '../../support/postgres.ts';
import { attempts, escalation, messageOf, openedFor } from './conversation-examples.ts';
import { acceptedNews, exampleTask, leased, newTaskId, progress, saved } from './examples.ts';
import { settlementOf, wishOf, working } from './spending.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let store: Awaited<ReturnType<typeof openPostgresStore>>;

beforeAll(async () => {
  database = await testDatabase();
  store = await openPostgresStore({ databaseUrl: database.url });
});

afterAll(async () => {
  await store?.close();
  await database?.drop();
});

const repository = { path: '/home/me/shop', branch: 'spiral/x', base: 'abc' };
const longAgo = new Date('2026-01-01T00:00:00Z');
const limits = { olderThan: new Date('2026-02-01T00:00:00Z') };

/** A finished task with something in every table. */
async function finished(changes: Partial<NewTask> = {}, finishedAt = longAgo): Promise<TaskId> {
  const writer = await leased(store, changes);
  const { taskId } = writer;
  await store.tasks.append(
    writer,
    [{ news: progress(taskId, 'x') }],
    [{ round: 1, key: 'a', kind: 'notice', title: '', text: 'x' }],
  );
  await store.tests.keep(writer, 0, { runs: [], tests: [{ name: 'a', outcome: 'passed' }] });
  await store.tasks.ask(writer, { id: newTaskId(), taskId, kind: 'question', text: '?' }, working(1), []);
  const conversationId = await openedFor(store, taskId);
  await store.conversations.publish(messageOf(conversationId));
  const mail = await store.conversations.take(conversationId, attempts);
  if (mail) await store.conversations.settle(mail, escalation());
  const wish = wishOf([{ scope: 'all', limit: {} }], { taskId });
  await store.budgets.reserve(wish);
  await store.budgets.settle(wish.id, settlementOf({ usd: 0.25 }));
  await store.tasks.advance(writer, { kind: 'finished', status: 'succeeded' }, []);
  await store.pool.query('update spiral.tasks set finished_at = $1 where id = $2', [finishedAt, taskId]);
  return taskId;
}

async function rowsOf(taskId: TaskId): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of ['events', 'output', 'questions', 'test_rounds', 'requests', 'conversations']) {
    const { rows } = await store.pool.query(`select count(*)::int from spiral.${table} where task_id = $1`, [taskId]);
    counts[table] = rows[0].count;
  }
  return counts;
}

test('what ended long ago goes with all that was kept of it, and what it cost stays', async () => {
  const old = await finished();
  const fresh = await finished({}, new Date('2026-02-01T00:00:01Z'));
  const unfinished = await saved(store);
  const kept = { events: 6, output: 1, questions: 2, test_rounds: 1, requests: 1, conversations: 1 };
  const noRows = { events: 0, output: 0, questions: 0, test_rounds: 0, conversations: 0 };
  expect(await rowsOf(old)).toEqual(kept);
  expect(await store.upkeep.size(limits)).toEqual({ prunableTasks: 1, bytes: expect.any(Number) });
  expect((await store.upkeep.size(limits)).bytes).toBeGreaterThan(1_000_000);

  expect(await store.upkeep.prune(limits)).toEqual([old]);
  expect(await store.tasks.get(old)).toBeUndefined();
  expect(await rowsOf(old)).toEqual({ ...noRows, requests: 1 });
  expect(await store.budgets.bookedFor(old)).toMatchObject({ usd: 0.25 });
  expect((await store.budgets.standing('all')).spent.usd).toBe(0.5);
  expect(await rowsOf(fresh)).toEqual(kept);
  expect(await store.tasks.get(unfinished.id)).toBeDefined();
  expect(await store.upkeep.prune(limits)).toEqual([]);
  expect(await store.upkeep.size(limits)).toMatchObject({ prunableTasks: 0 });
});

test('a task that an unfinished one continues stays until that is finished', async () => {
  const old = await finished();
  const writer = await leased(store, { continues: old });
  expect(await store.upkeep.prune(limits)).toEqual([]);
  await store.tasks.advance(writer, { kind: 'finished', status: 'failed' }, []);
  expect(await store.upkeep.prune(limits)).toEqual([old]);
});

test('a task in whose folder an unfinished one works stays until that is finished', async () => {
  const old = await finished({ workspace: '/home/me/shared' });
  const writer = await leased(store, { workspace: '/home/me/shared' });
  expect(await store.upkeep.prune(limits)).toEqual([]);
  await store.tasks.advance(writer, { kind: 'finished', status: 'failed' }, []);
  expect(await store.upkeep.prune(limits)).toEqual([old]);
});

test('a task of a project that is not over stays until that is finished', async () => {
  const project = await leased(store, { agent: 'project-manager' });
  const old = await finished({ project: project.taskId });
  expect(await store.upkeep.prune(limits)).toEqual([]);
  await store.tasks.advance(project, { kind: 'finished', status: 'failed' }, []);
  expect(await store.upkeep.prune(limits)).toEqual([old]);
});

test('a task whose work is neither merged nor discarded stays until it is', async () => {
  const old = await finished({ repository });
  expect(await store.upkeep.prune(limits)).toEqual([]);
  await store.tasks.releaseWorktree(old);
  expect(await store.upkeep.prune(limits)).toEqual([old]);
});

test('many are pruned in turns, by two at once too, each by one of them', async () => {
  await store.pool.query(`
    insert into spiral.tasks (id, text, agent, origin, workspace, machine, model, session_id, prompt_limit,
      round_timeout_seconds, state, finished_at)
    select 'old' || n, '', 'developer', 'cli', '/', 'machine-1', 'sonnet', '', 1, 1,
      '{"kind":"finished","status":"failed"}', '2026-01-01' from generate_series(1, 350) n
  `);
  const pruned = await Promise.all([store.upkeep.prune(limits), store.upkeep.prune(limits)]);
  await store.upkeep.prune(limits);
  expect(new Set(pruned.flat()).size).toBe(pruned.flat().length);
  expect(await store.upkeep.size(limits)).toMatchObject({ prunableTasks: 0 });
});

test('who watches misses only what is gone, and goes on with what comes', async () => {
  const before = await store.events.last();
  await finished();
  const after = await saved(store);
  const late = exampleTask();
  await store.upkeep.prune(limits);
  const stop = new AbortController();
  const seen: string[] = [];
  for await (const event of store.events.watch({ after: before }, stop.signal)) {
    seen.push(`${event.type} ${event.taskId}`);
    if (seen.length === 1) await store.tasks.create(late, acceptedNews(late));
    if (event.taskId === late.id) stop.abort();
  }
  expect(seen).toEqual([`task.accepted ${after.id}`, `task.accepted ${late.id}`]);
});
