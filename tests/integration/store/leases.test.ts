import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MachineId } from '../../../src/domain/identifiers.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { LeaseLost, type Store } from '../../../src/store/store.ts';
import { testDatabase } from '../../support/postgres.ts';
import { holder, leased, newTaskId, progress, saved } from './examples.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let store: Store;
let others: Store[];

beforeAll(async () => {
  database = await testDatabase();
  store = await openPostgresStore({ databaseUrl: database.url });
  others = await Promise.all([1, 2, 3].map(() => openPostgresStore({ databaseUrl: database.url })));
});

afterAll(async () => {
  await Promise.all([store, ...(others ?? [])].map((open) => open?.close()));
  await database?.drop();
});

test('of twenty who lease a task at the same moment exactly one wins', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { id } = await saved(store);
    const calls = Array.from({ length: 20 }, (_, index) =>
      (others[index % others.length] ?? store).tasks.lease(id, { ...holder, pid: index }, 60),
    );
    const leases = await Promise.all(calls);
    const winner = leases.findIndex(({ kind }) => kind === 'leased');
    expect(leases.filter(({ kind }) => kind === 'leased')).toHaveLength(1);
    expect(leases.filter(({ kind }) => kind === 'held')).toHaveLength(19);
    expect(leases.find((lease) => lease.kind === 'held')).toEqual({
      kind: 'held',
      lease: { taskId: id, holder: { ...holder, pid: winner }, attempt: 1, expired: false },
    });
  }
});

test('of twenty tasks that want one workspace at the same moment exactly one gets it', async () => {
  const workspace = `/shared/${newTaskId()}`;
  const writers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      leased(others[index % others.length] ?? store, { workspace: `${workspace}${'/deeper'.repeat(index % 4)}` }),
    ),
  );
  const occupations = await Promise.all(
    writers.map((writer, index) => (others[index % others.length] ?? store).tasks.occupy(writer)),
  );
  const winners = writers.filter((_, index) => occupations[index]?.kind === 'occupied');
  // A chain of folders: each one lies in all those before it.
  expect(winners).toHaveLength(1);
  expect(occupations.find(({ kind }) => kind === 'busy')).toMatchObject({
    lease: { taskId: winners[0]?.taskId, attempt: 1, expired: false },
  });
});

test('a lease is kept when it expires, and whoever ends it can take it again under a higher attempt', async () => {
  const { id } = await saved(store);
  expect(await store.tasks.lease(id, holder, 0)).toMatchObject({ kind: 'leased', attempt: 1, task: { attempt: 1 } });
  expect(await store.tasks.get(id)).toMatchObject({ lease: { holder, expired: true, attempt: 1 } });
  expect(await store.tasks.lease(id, holder, 60)).toMatchObject({ kind: 'held', lease: { expired: true, attempt: 1 } });
  expect(await store.tasks.release({ taskId: id, attempt: 1 })).toBe(true);
  expect(await store.tasks.release({ taskId: id, attempt: 1 })).toBe(false);
  expect(await store.tasks.lease(id, holder, 60)).toMatchObject({ kind: 'leased', attempt: 2 });
  expect(await store.tasks.release({ taskId: id, attempt: 1 })).toBe(false);
  expect(await store.tasks.get(id)).toMatchObject({ lease: { expired: false, attempt: 2 } });
});

test('renewing makes an expired lease last again, and tells when it was ended or taken', async () => {
  const { id } = await saved(store);
  const writer = { taskId: id, attempt: 1 };
  await store.tasks.lease(id, holder, 0);
  expect(await store.tasks.renew(writer, 60)).toEqual({ kept: true, cancelRequested: false, isHeld: false });
  expect(await store.tasks.lease(id, holder, 60)).toMatchObject({ kind: 'held', lease: { expired: false } });
  await store.tasks.release(writer);
  expect(await store.tasks.renew(writer, 60)).toEqual({ kept: false, cancelRequested: false, isHeld: false });
  await store.tasks.lease(id, holder, 60);
  await store.tasks.requestCancel(id);
  expect(await store.tasks.renew(writer, 60)).toEqual({ kept: false, cancelRequested: true, isHeld: false });
});

test('who was overtaken writes nothing: not a state, not news, not output', async () => {
  const old = await leased(store);
  await store.tasks.release(old);
  await store.tasks.lease(old.taskId, holder, 60);
  const before = await store.events.read({ after: 0, taskId: old.taskId }, 100);
  const news = [{ news: progress(old.taskId, 'too late') }];
  const piece = { round: 1, key: 'late', kind: 'notice', title: '', text: '' } as const;
  await expect(store.tasks.advance(old, { kind: 'finished', status: 'failed' }, news)).rejects.toMatchObject({
    name: 'LeaseLost',
    taskId: old.taskId,
  });
  await expect(store.tasks.append(old, news, [piece])).rejects.toBeInstanceOf(LeaseLost);
  await expect(store.tasks.append(old, [])).rejects.toBeInstanceOf(LeaseLost);
  await expect(store.tasks.occupy(old)).rejects.toBeInstanceOf(LeaseLost);
  expect(await store.tasks.get(old.taskId)).toMatchObject({
    state: { kind: 'accepted' },
    lease: { expired: false },
    attempt: 2,
  });
  expect(await store.events.read({ after: 0, taskId: old.taskId }, 100)).toEqual(before);
  expect(await store.tasks.output(old.taskId)).toEqual([]);
});

test.each([
  ['the same folder', '/a/b', '/a/b', 'busy'],
  ['a folder inside', '/a/b', '/a/b/c/d', 'busy'],
  ['a folder around', '/a/b/c', '/a', 'busy'],
  ['the root', '/a', '/', 'busy'],
  ['a folder whose name begins the same', '/a/b', '/a/bc', 'occupied'],
  ['a folder beside', '/a/b', '/a/c', 'occupied'],
  ['names with wildcards', '/a/%', '/a/x', 'occupied'],
  ['names with an underscore', '/a/_/b', '/a/x/b', 'occupied'],
  ['names with backslashes', '/a\\b', '/a', 'occupied'],
  ['names that differ in case', '/a/B', '/a/b', 'occupied'],
])('while one task works in its workspace another may not have %s', async (_, one, other, expected) => {
  const machine = `machine-${newTaskId()}` as MachineId;
  const [first, second] = [
    await leased(store, { machine, workspace: one }),
    await leased(store, { machine, workspace: other }),
  ];
  expect(await store.tasks.occupy(first)).toEqual({ kind: 'occupied' });
  expect(await store.tasks.occupy(second)).toMatchObject({ kind: expected });
  expect(await store.tasks.occupy(first)).toEqual({ kind: 'occupied' });
});

test('the same folder on two machines is two folders', async () => {
  const workspace = `/home/${newTaskId()}`;
  const here = await leased(store, { workspace });
  const there = await leased(store, { workspace, machine: 'machine-2' as MachineId });
  expect(await store.tasks.occupy(here)).toEqual({ kind: 'occupied' });
  expect(await store.tasks.occupy(there)).toEqual({ kind: 'occupied' });
});

test('a workspace is left with the lease: by its release and by the end of the task, not by its expiry', async () => {
  const workspace = `/home/${newTaskId()}`;
  const [first, second] = [await leased(store, { workspace }), await leased(store, { workspace })];
  await store.tasks.occupy(first);
  await store.tasks.renew(first, -1);
  expect(await store.tasks.occupy(second)).toEqual({
    kind: 'busy',
    workspace,
    lease: { ...first, holder, expired: true },
  });
  await store.tasks.release(first);
  await expect(store.tasks.occupy(first)).rejects.toBeInstanceOf(LeaseLost);
  expect(await store.tasks.occupy(second)).toEqual({ kind: 'occupied' });
  await store.tasks.advance(second, { kind: 'finished', status: 'succeeded' }, []);

  const again = await store.tasks.lease(first.taskId, holder, 60);
  const third = await leased(store, { workspace });
  expect(again).toMatchObject({ kind: 'leased', attempt: 2 });
  // A new lease does not bring the workspace of the one before it.
  expect(await store.tasks.occupy(third)).toEqual({ kind: 'occupied' });
});
