import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { MachineId, TaskId } from '../../../src/domain/identifiers.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { proposeRetirements, type UnusedNeeds } from '../../../src/workflows/retire-tool/watch-unused.ts';
import { scriptedEngine } from '../../support/scripted-engine.ts';
import { exampleUse, exampleVersion } from '../store/tool-examples.ts';
import { drive, openStage, outcomeIn, type Stage, typesOf } from './stage.ts';

const dayMs = 86_400_000;
const unusedDays = 30;

let stage: Stage;
let number = 0;
let name: string;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
beforeEach(async () => {
  number += 1;
  name = `tool-${number}`;
  await stage.store.tools.publish(exampleVersion(name));
});

/** A process that looks for unused tools so many days from now. */
function inDays(days: number, store: UnusedNeeds['store'] = stage.store): UnusedNeeds {
  return {
    store,
    machine: 'here' as MachineId,
    now: () => Date.now() + days * dayMs,
    unusedDays,
    workspace: join(stage.folder, 'questions'),
    setting: { model: 'sonnet', roundTimeoutSeconds: 60 },
    report: (problem) => expect.unreachable(problem),
  };
}

async function proposed(days: number, store?: UnusedNeeds['store']): Promise<boolean> {
  return (await proposeRetirements(inDays(days, store))).includes(name);
}

const needs = () => stage.needs(scriptedEngine(() => expect.unreachable('no model is asked')));

/** The task that asks about the tool, driven to its question. */
async function asked(): Promise<{ readonly taskId: TaskId; readonly questionId: string }> {
  const unfinished = await stage.store.tasks.unfinished('here' as MachineId);
  const task = unfinished.find(({ retires }) => retires === name);
  if (!task) throw new Error(`nobody asks about ${name}`);
  expect(await drive(task.id, needs())).toBe('waiting');
  const question = (await stage.store.questions.open()).find(({ taskId }) => taskId === task.id);
  if (!question) throw new Error('nobody is asked');
  expect(question.kind).toBe('retirement');
  expect(question.choices?.map(({ name: choice }) => choice)).toEqual(['retire', 'keep']);
  expect(question.text).toContain(`Nobody used the tool ${name} since`);
  return { taskId: task.id, questionId: question.id };
}

async function answer(choice: 'retire' | 'keep'): Promise<TaskId> {
  const { taskId, questionId } = await asked();
  expect(await stage.store.questions.answer(questionId, { kind: 'chosen', choice }, 'human')).toBe(true);
  expect(await drive(taskId, needs())).toBe('finished');
  return taskId;
}

test('a tool that nobody used for so many days is proposed, and not a day before', async () => {
  expect(await proposed(unusedDays - 1)).toBe(false);
  expect(await proposed(unusedDays + 1)).toBe(true);
});

test('a call makes the time begin anew', async () => {
  await stage.store.tools.used(exampleUse(name));
  await stage.store.pool.query(
    `update spiral.tool_versions set published_at = now() - interval '90 days' where name = $1`,
    [name],
  );
  expect(await proposed(1)).toBe(false);
  expect(await proposed(unusedDays + 1)).toBe(true);
});

test('of several processes that look at the same moment, and again later, one asks once', async () => {
  const other = await openPostgresStore({ databaseUrl: stage.databaseUrl });
  try {
    const looks = [stage.store, other, stage.store, other].map((store) => proposed(unusedDays + 1, store));
    expect((await Promise.all(looks)).filter(Boolean)).toHaveLength(1);
    expect(await proposed(unusedDays + 2, other)).toBe(false);
    await asked();
    expect(await proposed(2 * unusedDays + 2)).toBe(false);
  } finally {
    await other.close();
  }
});

test('nothing is retired before a person says so, and then it is, with the reason', async () => {
  await proposed(unusedDays + 1);
  await asked();
  expect((await stage.store.tools.get(name))?.status).toBe('active');
  const taskId = await answer('retire');
  expect((await stage.store.tools.get(name))?.status).toBe('retired');
  expect(outcomeIn(await stage.events(taskId))).toMatchObject({ status: 'succeeded', promptsUsed: 0 });
  expect(await proposed(10 * unusedDays)).toBe(false);
  const [told] = (await stage.store.events.read({ after: 0 }, 10_000)).filter(
    (event) => event.type === 'tool.retired' && event.name === name,
  );
  expect(told).toMatchObject({ reason: expect.stringMatching(/^nobody used it since \d{4}-\d\d-\d\d$/) });
});

test('a tool that a person keeps is not asked about again before as many days are over once more', async () => {
  await stage.store.pool.query(
    `update spiral.tool_versions set published_at = now() - interval '90 days' where name = $1`,
    [name],
  );
  expect(await proposed(0)).toBe(true);
  const taskId = await answer('keep');
  expect((await stage.store.tools.get(name))?.status).toBe('active');
  expect(typesOf(await stage.events(taskId))).toContain('question.answered');
  expect(await proposed(unusedDays - 1)).toBe(false);
  expect(await proposed(unusedDays + 1)).toBe(true);
});

test('a tool that is offered again by hand is not proposed at once', async () => {
  await stage.store.pool.query(
    `update spiral.tool_versions set published_at = now() - interval '90 days' where name = $1`,
    [name],
  );
  await stage.store.tools.retire(name, 'not needed');
  await stage.store.tools.restore(name);
  expect(await proposed(1)).toBe(false);
});

test('a tool that was taken away before anybody was asked needs no question', async () => {
  await proposed(unusedDays + 1);
  await stage.store.tools.retire(name, 'not needed');
  const unfinished = await stage.store.tasks.unfinished('here' as MachineId);
  const task = unfinished.find(({ retires }) => retires === name);
  if (!task) throw new Error(`nobody asks about ${name}`);
  expect(await drive(task.id, needs())).toBe('finished');
  expect(outcomeIn(await stage.events(task.id)).reason).toBe(`The tool ${name} is not offered any more.`);
});

test('whoever dies after the answer leaves it to the next one, who does it once', async () => {
  await proposed(unusedDays + 1);
  const { taskId, questionId } = await asked();
  await stage.store.questions.answer(questionId, { kind: 'chosen', choice: 'retire' }, 'human');
  expect((await stage.store.tasks.get(taskId))?.state).toMatchObject({ kind: 'retiring', decision: 'retire' });
  // It was taken away, and the next step was not saved.
  await stage.store.tools.retire(name, 'nobody used it');
  expect(await drive(taskId, needs())).toBe('finished');
  const told = (await stage.store.events.read({ after: 0 }, 10_000)).filter(
    (event) => event.type === 'tool.retired' && event.name === name,
  );
  expect(told).toHaveLength(1);
});
