import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NewsType, SpiralEvent } from '../../../src/domain/event.ts';
import { gateChecks } from '../../../src/domain/gate-report.ts';
import type { TaskId } from '../../../src/domain/identifiers.ts';
import type { ToolDecision } from '../../../src/domain/tool-decision.ts';
import { toolWish } from '../../../src/domain/tool-request.ts';
import type { LlmQuestion } from '../../../src/llm/llm.ts';
import {
  examples,
  heldOut,
  manifest,
  mendedSource,
  mendedTests,
  wish,
} from '../../../src/rehearsal/tool/csv-tool-files.ts';
import { candidateFiles, layOut } from '../../../src/toolbox/candidate-files.ts';
import { improveWhenFailing } from '../../../src/workflows/build-tool/improve-tool.ts';
import { newRequest } from '../../../src/workflows/build-tool/new-request.ts';
import type { RunTaskNeeds } from '../../../src/workflows/run-task/needs.ts';
import { noToolbox } from '../../support/no-tools.ts';
import { scriptedEngine } from '../../support/scripted-engine.ts';
import { drive, openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const approval: ToolDecision & { readonly kind: 'approve' } = {
  kind: 'approve',
  agents: ['developer', 'quality-assurance'],
  maxPrompts: 20,
  adoptWhenGreen: false,
};

const answers: Readonly<Record<string, unknown>> = {
  'tool-assessment': {
    kind: 'tool-assessment',
    recommendation: { decision: 'approve', reason: 'It is needed.' },
    alternatives: [],
    effort: { agentHours: 1, prompts: 5 },
    benefit: 'One reader.',
  },
  'tool-plan': { kind: 'tool-plan', language: 'node', approach: 'One pass.', steps: ['Read', 'Split'] },
  'tool-research': { kind: 'tool-research', findings: ['RFC 4180'], pitfalls: [] },
  'held-out': heldOut,
  'tool-manual': { kind: 'tool-manual', text: 'Use it for every CSV text that has names in its first line.' },
};

/** A model that answers each question in its shape. */
const llm: RunTaskNeeds['llm'] = {
  isMetered: true,
  async ask<Answer>({ shape }: LlmQuestion<Answer>) {
    const kind = Object.keys(answers).find((name) => JSON.stringify(shape.jsonSchema).includes(`"const":"${name}"`));
    const read = shape.read(answers[kind ?? '']);
    if (!('answer' in read)) throw new Error(read.problems.join('; '));
    const cost = { usd: 0, inputTokens: 0, outputTokens: 0, durationMs: 0 };
    return { kind: 'answered' as const, answer: read.answer, askedAgain: false, cost };
  },
};

let number = 0;

/** What the work on a tool of its own name takes; the gate is as green as the test wants. */
function needsWith(isGreen: () => boolean, changes: Partial<RunTaskNeeds> = {}): RunTaskNeeds {
  const files = {
    'tool.json': manifest,
    'index.mjs': mendedSource,
    'test/examples.json': examples,
    'test/index.test.mjs': mendedTests,
  };
  const builds = join(stage.folder, 'builds');
  return stage.needs(
    scriptedEngine(() => ({ files })),
    {
      llm,
      toolbox: {
        ...noToolbox,
        layOut,
        filesIn: candidateFiles,
        async makeFolderFor(requestId) {
          mkdirSync(join(builds, requestId), { recursive: true });
          return join(builds, requestId);
        },
        gate: {
          async check(candidate) {
            const verdict = isGreen() ? ('passed' as const) : ('failed' as const);
            const rows = gateChecks.map((check) => ({ check, verdict, detail: 'looked at', findings: [] }));
            return { report: { rows, isolation: 'bubblewrap', durationMs: 1 }, files: candidate.files };
          },
        },
      },
      ...changes,
    },
  );
}

/** A request that a sleeping task waits for, driven to the human's decision. */
async function requested(needs: RunTaskNeeds) {
  number += 1;
  const task = await stage.task();
  const lease = await stage.store.tasks.lease(task.id, needs.self, 60);
  if (lease.kind !== 'leased') throw new Error('a new task can be leased');
  const { wanted, accepted } = await newRequest(
    task,
    toolWish.parse({ ...wish, name: `tool-${number}` }),
    'toolu_1',
    true,
    needs,
  );
  const writer = { taskId: task.id, attempt: lease.attempt };
  const { request } = await stage.store.toolRequests.file(wanted, accepted, { writer, resume: { kind: 'accepted' } });
  expect(await drive(request.workTask, needs)).toBe('waiting');
  return { sleeper: task.id, request, work: request.workTask };
}

async function questionOf(taskId: TaskId) {
  const question = (await stage.store.questions.open()).find((one) => one.taskId === taskId);
  if (!question) throw new Error('nobody is asked');
  return question;
}

async function decide(work: TaskId, decision: ToolDecision): Promise<void> {
  const { id } = await questionOf(work);
  expect(await stage.store.questions.answer(id, { kind: 'decided', decision }, 'human')).toBe(true);
}

async function choose(work: TaskId, choice: string, text?: string): Promise<void> {
  const { id } = await questionOf(work);
  const answer = { kind: 'chosen', choice, ...(text === undefined ? {} : { text }) } as const;
  expect(await stage.store.questions.answer(id, answer, 'human')).toBe(true);
}

async function of<Type extends NewsType>(taskId: TaskId, type: Type) {
  const events = await stage.store.events.read({ after: 0, taskId }, 1_000);
  return events.filter((event): event is SpiralEvent & { readonly type: Type } => event.type === type);
}

const stateOf = async (id: TaskId) => (await stage.store.tasks.get(id))?.state;

test('what lies in the folder when it is published is what was proved, or it is proved once more', async () => {
  const needs = needsWith(() => true);
  const { work, request } = await requested(needs);
  await decide(work, approval);
  expect(await drive(work, needs)).toBe('waiting');
  expect((await questionOf(work)).kind).toBe('adoption');
  const folder = (await stage.store.tasks.get(work))?.workspace ?? '';
  writeFileSync(join(folder, 'index.mjs'), `${mendedSource}\n// one line more\n`);
  await choose(work, 'adopt');
  expect(await drive(work, needs)).toBe('waiting');
  expect(await of(work, 'tool-build.proved')).toHaveLength(2);
  await choose(work, 'adopt');
  expect(await drive(work, needs)).toBe('finished');
  // Whatever its author calls it, it has the name that was asked for.
  expect((await stage.store.toolRequests.get(request.id))?.outcome).toEqual({
    kind: 'built',
    name: request.name,
    version: '1.0.0',
  });
  expect((await stage.store.tools.get(request.name))?.manifest.name).toBe(request.name);
  expect(await stage.store.tools.get('demo-csv-to-json')).toBeUndefined();
});

test('who adopts a first version sees its files, and who adopts a later one what it changes', async () => {
  const needs = needsWith(() => true);
  const { work, request } = await requested(needs);
  await decide(work, approval);
  expect(await drive(work, needs)).toBe('waiting');
  const { text } = await questionOf(work);
  expect(text).toMatch(/Its files:\n(?: {2}.*\n)* {2}index\.mjs: \d+ lines, [\d,]+ bytes\n/);
  expect(text.split('\n').at(-1)).toBe(`The whole of it: spiral tools show ${request.id} --diff`);
  await choose(work, 'adopt');
  expect(await drive(work, needs)).toBe('finished');

  const { wanted, accepted } = await newRequest(
    await stage.task(),
    toolWish.parse({ ...wish, name: request.name }),
    undefined,
    false,
    needs,
    request.name,
  );
  const next = (await stage.store.toolRequests.file(wanted, accepted)).request.workTask;
  expect(await drive(next, needs)).toBe('waiting');
  await decide(next, approval);
  const changed = needsWith(() => true, {
    engine: scriptedEngine(() => ({
      files: {
        'tool.json': manifest,
        'index.mjs': mendedSource.replace('\n', '\n// one line more\n'),
        'test/examples.json': examples,
        'test/index.test.mjs': mendedTests,
      },
    })),
  });
  expect(await drive(next, changed)).toBe('waiting');
  const lines = (await questionOf(next)).text.split('\n');
  expect(lines).toContain('What changes after 1.0.0:');
  expect(lines).toContain('--- a/index.mjs');
  expect(lines.filter((line) => /^[+-](?![+-])/.test(line))).toEqual([
    '+// one line more',
    '-  "version": "1.0.0",',
    '+  "version": "1.1.0",',
  ]);
  expect(lines.at(-1)).toMatch(/^The whole of it: spiral tools show \w{8} --diff$/);
});

test('whoever slept for a tool whose work a person ends goes on, told so', async () => {
  const needs = needsWith(() => true);
  const { work, sleeper, request } = await requested(needs);
  expect(await stateOf(sleeper)).toMatchObject({ kind: 'waiting', for: { kind: 'tool' } });
  await stage.store.tasks.requestCancel(work);
  expect(await drive(work, needs)).toBe('finished');
  expect((await stage.store.toolRequests.get(request.id))?.outcome).toMatchObject({ kind: 'failed' });
  expect(await stateOf(sleeper)).toEqual({ kind: 'accepted' });
});

test('beyond the granted prompts the build asks, and a refusal ends it and wakes whoever sleeps', async () => {
  const needs = needsWith(() => true);
  const { work, sleeper } = await requested(needs);
  await decide(work, { ...approval, maxPrompts: 2 });
  expect(await drive(work, needs)).toBe('waiting');
  const question = await questionOf(work);
  expect(question).toMatchObject({ kind: 'grant', shortage: { measure: 'prompts', limit: 3, spent: 3 } });
  await stage.store.questions.answer(question.id, { kind: 'refused' }, 'human');
  expect(await drive(work, needs)).toBe('finished');
  expect(await stateOf(sleeper)).toEqual({ kind: 'accepted' });
  expect(await of(work, 'tool-request.closed')).toMatchObject([{ outcome: { kind: 'failed' } }]);
});

test('after the deadline a person says how it goes on, and nothing is written before', async () => {
  let late = 0;
  const needs = needsWith(() => true, { now: () => Date.now() + late });
  const { work } = await requested(needs);
  await decide(work, { ...approval, deadline: new Date(Date.now() + 60_000).toISOString() });
  late = 120_000;
  expect(await drive(work, needs)).toBe('waiting');
  expect((await questionOf(work)).text).toContain('the deadline is over');
  expect(readdirSync((await stage.store.tasks.get(work))?.workspace ?? '')).toEqual([]);
  await choose(work, 'continue');
  expect(await drive(work, needs)).toBe('waiting');
  expect((await questionOf(work)).kind).toBe('adoption');
});

test('a red gate asks for repairs in one session, and after enough of them a person; what they stop is told as failed', async () => {
  const needs = needsWith(() => false);
  const { work, request } = await requested(needs);
  await decide(work, { ...approval, adoptWhenGreen: true });
  expect(await drive(work, needs)).toBe('waiting');
  const attempts = await stage.store.tasks.ofProject(work);
  expect(attempts).toHaveLength(3);
  expect(new Set(attempts.map(({ sessionId }) => sessionId)).size).toBe(1);
  expect(attempts.map(({ toolRequest }) => toolRequest)).toEqual([request.id, request.id, request.id]);
  await choose(work, 'stop');
  expect(await drive(work, needs)).toBe('finished');
  expect((await stage.store.toolRequests.get(request.id))?.outcome).toMatchObject({ kind: 'failed' });
  expect(await stage.store.tools.get(request.name)).toBeUndefined();
});

test('a request that is deferred waits for its time and is asked again by itself', async () => {
  let later = 0;
  const needs = needsWith(() => true, { now: () => Date.now() + later });
  const { work, sleeper } = await requested(needs);
  const until = new Date(Date.now() + 60_000).toISOString();
  await decide(work, { kind: 'defer', until, reason: 'after the release' });
  expect(await drive(work, needs)).toBe('waiting');
  expect(await stateOf(work)).toMatchObject({ kind: 'waiting', for: { kind: 'time', until } });
  later = 120_000;
  expect(await drive(work, needs)).toBe('waiting');
  expect((await questionOf(work)).kind).toBe('tool-request');
  expect(await stateOf(sleeper)).toMatchObject({ kind: 'waiting', for: { kind: 'tool' } });
});

test('a tool that fails too often in use asks for its own improvement, once, and its next version begins where it stands', async () => {
  const needs = needsWith(() => true);
  const { work, request, sleeper } = await requested(needs);
  await decide(work, { ...approval, adoptWhenGreen: true });
  expect(await drive(work, needs)).toBe('finished');
  const use = { name: request.name, version: '1.0.0', agent: 'developer' as const, taskId: sleeper, durationMs: 1 };
  for (const outcome of ['failed', 'succeeded', 'wrong-output', 'refused-input', 'over-limit', 'failed'] as const) {
    await stage.store.tools.used({ ...use, outcome });
    await improveWhenFailing({ ...use, outcome }, needs);
  }
  const requests = (await stage.store.toolRequests.list(100)).filter(({ improves }) => improves === request.name);
  expect(requests).toHaveLength(1);
  const [improvement] = requests;
  if (!improvement) throw new Error('it was filed');
  expect(await drive(improvement.workTask, needs)).toBe('waiting');
  await decide(improvement.workTask, { ...approval, adoptWhenGreen: true });
  expect(await drive(improvement.workTask, needs)).toBe('finished');
  const folder = (await stage.store.tasks.get(improvement.workTask))?.workspace ?? '';
  expect(existsSync(join(folder, 'SKILL.md'))).toBe(true);
  expect((await stage.store.tools.get(request.name))?.versions).toEqual(['1.0.0', '1.1.0']);
});
