import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TaskId } from '../../../src/domain/identifiers.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { StoreError } from '../../../src/store/store.ts';
import { costOfPrompt, type ScriptedEngine, scriptedEngine } from '../../support/scripted-engine.ts';
import { drive, openStage, outcomeIn, type Stage, typesOf, watched, workWith } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const away = new StoreError('unreachable', 'the database is away', 'Start it.');
const someoneElse = { pid: 1, startedAt: 'elsewhere', namespace: 'other' };

/** The first prompt hangs until it is aborted; whatever is asked after it is done. */
function hangingOnce(): ScriptedEngine {
  return scriptedEngine((_prompt, { prompts }) => ({ ...workWith('green'), hangs: prompts.length === 1 }));
}

/** Hears of the first command of a round, which then hangs; aborts what is to be aborted. */
function needsThatAbort(engine: Engine, ...aborting: readonly AbortController[]) {
  let appended = 0;
  const store = watched(stage.store, {
    after(call) {
      // The start, the words, the command.
      if (call === 'append') appended += 1;
      if (appended === 3) for (const controller of aborting) controller.abort();
    },
  });
  return stage.needs(engine, { store });
}

async function costsOf(id: TaskId): Promise<number[]> {
  return (await stage.events(id)).flatMap((event) => (event.type === 'engine.finished' ? [event.costUsd] : []));
}

test('a session that was lost begins anew with the same prompt, and the cost of the lost one is kept', async () => {
  const engine = scriptedEngine((prompt) => workWith(prompt.includes('<test-results>') ? 'green' : 'red'));
  const { id, sessionId, text } = await stage.task();
  const store = watched(stage.store, {
    before(call) {
      if (call === 'advance' && engine.asked() === 1) engine.sessions.delete(sessionId);
    },
  });
  expect(await drive(id, stage.needs(engine, { store }))).toBe('finished');
  const [prompt] = engine.sessions.get(sessionId)?.prompts ?? [];
  expect(prompt).toContain(text);
  expect(prompt).toContain('<test-results>');
  expect(await costsOf(id)).toEqual([costOfPrompt, costOfPrompt]);
  expect(outcomeIn(await stage.events(id))).toMatchObject({ status: 'succeeded', promptsUsed: 2, costUsd: 0.02 });
});

test('a database that goes away in the middle of a round ends the engine, and the round goes on later for the same prompt', async () => {
  const engine = scriptedEngine(() => workWith('green'));
  const { id } = await stage.task();
  let isAway = false;
  const store = watched(stage.store, {
    before(call) {
      isAway ||= engine.asked() === 1 && call === 'append';
      if (isAway) throw away;
    },
  });
  const needs = stage.needs(engine, { store, isAlive: () => true });
  await expect(drive(id, needs)).rejects.toBe(away);
  expect(engine.live()).toBe(0);

  // The same process, whose lease is still in the row: the database was away when it was to be given back.
  expect((await stage.store.tasks.get(id))?.lease?.holder).toEqual(needs.self);
  expect(await drive(id, { ...needs, store: stage.store })).toBe('finished');
  const events = await stage.events(id);
  expect(outcomeIn(events)).toMatchObject({ status: 'succeeded', promptsUsed: 1, costUsd: 2 * costOfPrompt });
  const started = events.filter((event) => event.type === 'engine.started');
  expect(started.map(({ resumed }) => resumed)).toEqual([false, true]);
});

test('a database that stays away ends the drive and its engine once the lease would be over', async () => {
  const engine = hangingOnce();
  const { id } = await stage.task();
  const store = watched(stage.store, {
    before(call) {
      if (call === 'renew') throw away;
    },
  });
  await expect(drive(id, stage.needs(engine, { store }))).rejects.toThrow('the database has not answered for');
  expect(engine.live()).toBe(0);
});

test('a process that leaves hands the round back and has told what it cost', async () => {
  const engine = hangingOnce();
  const { id } = await stage.task();
  const leaving = new AbortController();
  expect(await drive(id, needsThatAbort(engine, leaving), { signal: leaving.signal })).toBe('left');
  expect(await costsOf(id)).toEqual([costOfPrompt]);
  expect(await drive(id, stage.needs(engine))).toBe('finished');
  expect(await costsOf(id)).toEqual([costOfPrompt, costOfPrompt]);
  expect(outcomeIn(await stage.events(id))).toMatchObject({ status: 'succeeded', promptsUsed: 1 });
});

test('a person who cancels in the middle of a round ends the task', async () => {
  const engine = hangingOnce();
  const { id } = await stage.task();
  const cancel = new AbortController();
  expect(await drive(id, needsThatAbort(engine, cancel), { cancel: cancel.signal })).toBe('finished');
  const outcome = outcomeIn(await stage.events(id));
  expect(outcome).toMatchObject({ status: 'cancelled', verified: false, costUsd: costOfPrompt });
  expect(outcome.filesCreated).toContain('made.txt');
});

test.each([
  ['cancelled first', 'finished'],
  ['left first', 'left'],
] as const)('of two ends at the same moment the first one counts: %s', async (order, end) => {
  const engine = hangingOnce();
  const { id } = await stage.task();
  const cancel = new AbortController();
  const leaving = new AbortController();
  const aborting = order === 'left first' ? [leaving, cancel] : [cancel, leaving];
  const needs = needsThatAbort(engine, ...aborting);
  expect(await drive(id, needs, { cancel: cancel.signal, signal: leaving.signal })).toBe(end);
});

test('a round that takes too long ends the task as timed out', async () => {
  const { id } = await stage.task({ roundTimeoutSeconds: 1 });
  expect(await drive(id, stage.needs(hangingOnce()))).toBe('finished');
  expect(outcomeIn(await stage.events(id))).toMatchObject({
    status: 'timed-out',
    reason: 'round 1 took longer than 1 s',
    costUsd: costOfPrompt,
  });
});

test('whoever loses the lease ends the engine and writes nothing more', async () => {
  const engine = hangingOnce();
  const { id } = await stage.task();
  let taken: Promise<unknown> | undefined;
  const takeOver = async () => {
    const task = await stage.store.tasks.get(id);
    await stage.store.tasks.release({ taskId: id, attempt: task?.attempt ?? 0 });
    await stage.store.tasks.lease(id, someoneElse, 60);
  };
  const store = watched(stage.store, {
    after(call) {
      if (call === 'append' && engine.asked() === 1) taken ??= takeOver();
    },
  });
  expect(await drive(id, stage.needs(engine, { store }))).toBe('lost');
  await taken;
  expect(engine.live()).toBe(0);
  expect(await costsOf(id)).toEqual([]);
  expect((await stage.store.tasks.get(id))?.lease?.holder).toEqual(someoneElse);
});

test('a task that breaks ends failed with its reason and is not tried again', async () => {
  const engine = scriptedEngine(() => workWith('green'));
  const { id } = await stage.task();
  const needs = stage.needs(engine);
  const changes = () => Promise.reject(new Error('the shadow repository is broken'));
  expect(await drive(id, { ...needs, workspaces: { ...needs.workspaces, changes } })).toBe('finished');
  expect(await drive(id, needs)).toBe('finished');
  expect(outcomeIn(await stage.events(id))).toMatchObject({
    status: 'failed',
    reason: 'the shadow repository is broken',
    costUsd: costOfPrompt,
  });
  expect(engine.asked()).toBe(1);
});

test('a file with the longest of paths is told like any other', async () => {
  const path = Array.from({ length: 40 }, () => randomBytes(40).toString('hex')).join('/');
  const { files } = workWith('green');
  const { id } = await stage.task();
  const engine = scriptedEngine(() => ({ files: { ...files, [path]: 'deep' } }));
  expect(await drive(id, stage.needs(engine))).toBe('finished');
  expect(outcomeIn(await stage.events(id)).filesCreated).toContain(path);
});

test('two drives of one task in one process: the second leaves it to the first', async () => {
  const engine = hangingOnce();
  const { id } = await stage.task();
  const cancel = new AbortController();
  const needs = stage.needs(engine);
  const [first, second] = await Promise.all([
    drive(id, needs, { cancel: cancel.signal }),
    drive(id, needs).finally(() => cancel.abort()),
  ]);
  expect([first, second]).toEqual(['finished', 'left']);
  expect((await stage.store.tasks.get(id))?.attempt).toBe(1);
});

test('a task that waits for its workspace can be cancelled, and holds no prepared process meanwhile', async () => {
  const engine = scriptedEngine(() => workWith('green'));
  const { id: other, workspace } = await stage.task();
  const lease = await stage.store.tasks.lease(other, someoneElse, 60);
  if (lease.kind !== 'leased') throw new Error('the lease of a new task is held');
  await stage.store.tasks.occupy({ taskId: other, attempt: lease.attempt });

  const { id, sessionId, model } = await stage.task({ workspace });
  const needs = stage.needs(engine, { isAlive: () => true });
  const setting = {
    sessionId,
    begin: 'new',
    workspace,
    model,
    instructions: '',
    tools: 'work',
    taskId: id,
    agent: 'developer',
  } as const;
  expect(await drive(id, needs, { prepared: engine.prepare(setting) })).toBe('left');
  expect(await drive(id, needs)).toBe('left');
  expect(engine.live()).toBe(0);
  await stage.store.tasks.requestCancel(id);
  expect(await drive(id, needs)).toBe('finished');
  const events = await stage.events(id);
  expect(typesOf(events)).toEqual(['task.accepted', 'task.waiting', 'task.finished']);
  expect(outcomeIn(events)).toMatchObject({ status: 'cancelled', promptsUsed: 0 });
});

test('a prepared session is used for the first round, or else discarded', async () => {
  const engine = scriptedEngine(() => workWith('green'));
  const { id, sessionId, workspace, model } = await stage.task();
  const prepare = () =>
    engine.prepare({
      sessionId,
      begin: 'new',
      workspace,
      model,
      tools: 'work',
      instructions: '',
      taskId: id,
      agent: 'developer',
    });
  const broken = watched(stage.store, {
    before() {
      throw away;
    },
  });
  await expect(drive(id, stage.needs(engine, { store: broken }), { prepared: prepare() })).rejects.toBe(away);
  expect(engine.live()).toBe(0);
  const needs = stage.needs(engine);
  const refusing: Engine = {
    isMetered: false,
    prepare() {
      throw new Error('a second one is not needed');
    },
  };
  expect(await drive(id, { ...needs, engine: refusing }, { prepared: prepare() })).toBe('finished');
  expect(outcomeIn(await stage.events(id))).toMatchObject({ status: 'succeeded' });
  expect(await drive(id, needs, { prepared: prepare() })).toBe('finished');
  expect(engine.live()).toBe(0);
});
