import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import { questionsOf, rosterOf } from '../src/agents/roster.ts';
import { ownTemplates, templatesOf } from '../src/agents/template-files.ts';
import type { MachineId, SessionId, TaskId } from '../src/domain/identifiers.ts';
import type { Engine, EngineEvent } from '../src/engine/engine.ts';
import type { Llm, LlmQuestion, Reader } from '../src/llm/llm.ts';
import { openProcessSandbox } from '../src/sandbox/processes/process-sandbox.ts';
import { openRunFile } from '../src/sandbox/processes/run-file.ts';
import { openStopRequests } from '../src/sandbox/processes/stop-requests.ts';
import { openEmbeddedPostgres } from '../src/store/postgres/embedded/embedded-postgres.ts';
import { openPostgresStore } from '../src/store/postgres/postgres-store.ts';
import { driveTask } from '../src/workflows/run-task/drive-task.ts';
import type { RunTaskNeeds } from '../src/workflows/run-task/needs.ts';
import { recordTask } from '../src/workflows/submit-task.ts';
import { openLocalWorkspaces } from '../src/workspace/local-workspaces.ts';
import type { Workspaces } from '../src/workspace/workspace.ts';
import { noToolbox, noTools } from '../tests/support/no-tools.ts';
import { figuresOf, printTable, ratiosOf, told } from './figures.ts';

const usualPairs = 15;
const warmUps = 3;
const phases = 3;

/**
 * What coordination itself costs: a project of three phases in which every answer comes at once, nothing is built and no test
 * runs, beside a LangGraph graph of three nodes with its checkpointer, each step saved in the same real PostgreSQL.
 * Ours records about ten times as many steps: prompts, questions, a task with a lease for each phase, every event.
 */
export async function coordination({ pairs = usualPairs }: { readonly pairs?: number }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'spiral-bench-'));
  const database = await openEmbeddedPostgres({ home: folder });
  const store = await openPostgresStore({ databaseUrl: database.databaseUrl });
  const needs = needsIn(folder, store);
  const saver = PostgresSaver.fromConnString(database.databaseUrl);
  await saver.setup();
  const graph = threeNodes(saver);
  const ours: number[] = [];
  const theirs: number[] = [];
  let news = 0;
  try {
    for (let pair = 0; pair < warmUps + pairs; pair += 1) {
      const us = () => timed(async () => (news = await project(needs, folder)));
      const them = () => timed(() => graph.invoke({ done: [] }, { configurable: { thread_id: randomUUID() } }));
      // The order changes from pair to pair, so that neither always runs on what the other has warmed.
      const [first, second] = pair % 2 === 0 ? [us, them] : [them, us];
      const one = await first();
      const two = await second();
      if (pair < warmUps) continue;
      ours.push(pair % 2 === 0 ? one : two);
      theirs.push(pair % 2 === 0 ? two : one);
    }
    const perSecond = (values: readonly number[]) => values.map((ms) => 1000 / ms);
    printTable([
      ['three-step projects a second, ours', told(figuresOf(perSecond(ours)), '', 1)],
      ['three-node graphs a second, LangGraph', told(figuresOf(perSecond(theirs)), '', 1)],
      ['time, ours by theirs', told(figuresOf(ratiosOf(ours, theirs)), '', 1)],
      ['overhead of a phase, ours', told(figuresOf(ours.map((ms) => ms / phases)), 'ms', 1)],
      ['overhead of a node, LangGraph', told(figuresOf(theirs.map((ms) => ms / phases)), 'ms', 1)],
      ['events recorded for a project, ours', String(news)],
    ]);
  } finally {
    await saver.end();
    await store.close();
    await database.leave();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** Drives one project to its end; gives back how many events it recorded. */
async function project(needs: RunTaskNeeds, folder: string): Promise<number> {
  const task = await recordTask(
    {
      id: needs.newTaskId(),
      text: 'Build three things',
      agent: 'project-manager',
      origin: 'library',
      workspace: join(folder, 'workspaces', randomUUID()),
      machine: 'bench' as MachineId,
      model: 'sonnet',
      sessionId: randomUUID() as SessionId,
      promptLimit: 1000,
      roundTimeoutSeconds: 600,
    },
    needs.store,
  );
  const end = await driveTask(task.id, needs, { signal: new AbortController().signal, whenBusy: 'wait' });
  const outcome = await needs.store.tasks.outcome(task.id);
  if (end !== 'finished' || outcome?.status !== 'succeeded') throw new Error(`the project ended as ${outcome?.status}`);
  return (await needs.store.events.read({ after: 0, taskId: task.id }, 1000)).length;
}

function needsIn(folder: string, store: RunTaskNeeds['store']): RunTaskNeeds {
  const runFile = openRunFile(folder);
  const templates = templatesOf(ownTemplates());
  const sandbox = openProcessSandbox('none', runFile);
  const real = openLocalWorkspaces({ stateRoot: folder, userHome: folder, environment: {}, sandbox });
  return {
    store,
    engine: atOnce,
    llm,
    reader,
    workspaces: untouched(real),
    roster: rosterOf(templates),
    team: questionsOf(templates),
    expectedEfficiency: () => 1,
    attempts: 3,
    newTaskId: () => randomUUID().slice(0, 8) as TaskId,
    report: (problem) => console.error(problem),
    verification: { timeoutMs: 1000, memoryBytes: 1024 ** 3, processes: 100 },
    setup: { copy: [], timeoutMs: 1000 },
    budget: {
      limitsOf: () => [],
      cycles: {
        shareOf: () => undefined,
        shares: () => [],
        moves: () => ({ scope: 'moves:0', limit: {} }),
      },
      atLimit: 'stop',
      unattended: { atLimit: 'wait', amounts: { prompts: 1, tokens: 1, usd: 1 } },
    },
    slots: { take: async () => ({ release: async () => undefined }) },
    conversations: { allowance: { each: 3, all: 15 }, attempts: 5, maxTokens: 8_000, maySpeakIn: () => true },
    wake: async () => undefined,
    tools: noTools,
    toolbox: noToolbox,
    stops: openStopRequests(folder, runFile),
    failuresOf: async () => '',
    self: { pid: process.pid, startedAt: 'bench', namespace: 'bench' },
    isAlive: () => true,
    reapLeftovers: () => undefined,
    now: Date.now,
  };
}

/** A coding agent that is done at once. */
const atOnce: Engine = {
  isMetered: true,
  prepare: () => ({
    async *run(): AsyncGenerator<EngineEvent> {
      yield { kind: 'started' };
      const session = { costUsd: 0, inputTokens: 0, outputTokens: 0 };
      yield { kind: 'finished', ending: { kind: 'completed' }, turns: 1, durationMs: 0, text: 'Done.', session };
    },
    discard: async () => undefined,
  }),
};

const tests = { criterion: 'all tests pass', checkedBy: 'tests', subject: '' };
const answers: Readonly<Record<string, unknown>> = {
  plan: {
    kind: 'plan',
    title: 'Three things',
    phases: ['One', 'Two', 'Three'].map((name) => ({
      name,
      goal: 'a goal',
      task: 'a task',
      criteria: [tests],
      dependsOn: [],
    })),
  },
  challenges: { kind: 'challenges', challenges: [] },
  'phase-review': {
    kind: 'phase-review',
    subject: 'Phase',
    verdict: 'passed',
    reason: 'fine',
    findings: [],
    strengths: [],
    remediation: [],
  },
  evaluation: {
    kind: 'evaluation',
    criteria: [{ number: 1, met: true, evidence: 'seen' }],
    isDone: true,
    refinement: '',
  },
  closing: { kind: 'closing', recommendations: ['Use it'] },
};

/** Answers at once with the first of the answers that has the shape that is asked for. */
async function answered<Answer>({ shape }: LlmQuestion<Answer>) {
  for (const candidate of Object.values(answers)) {
    const read = shape.read(candidate);
    if ('answer' in read) {
      const cost = { usd: 0, inputTokens: 0, outputTokens: 0, durationMs: 0 };
      return { kind: 'answered', answer: read.answer, askedAgain: false, cost } as const;
    }
  }
  throw new Error('there is no answer of that shape');
}

const llm: Llm = { isMetered: true, ask: answered };
const reader: Reader = { isMetered: true, read: answered };

/** A folder in which nothing is changed and whose tests are green: what is measured is not files and not tests. */
function untouched(real: Workspaces): Workspaces {
  const run = {
    command: 'tests',
    directory: '.',
    exitCode: 0,
    timedOut: false,
    evidence: 'report',
    output: '',
  } as const;
  return {
    ...real,
    survey: async () => ({ extensions: {}, files: 0 }),
    listing: async () => ({ paths: [], files: 0 }),
    instructions: async () => undefined,
    hasFile: async () => true,
    snapshot: async () => undefined,
    changes: async () => [],
    codeChanges: async () => [],
    diff: async () => '',
    histories: { begin: async () => 'not-ours', commit: async () => undefined },
    verify: async () => ({ runs: [{ ...run, passed: 1, failed: 0, skipped: 0 }], notRun: [] }),
  };
}

/** The peer: three nodes after one another, each saved. */
function threeNodes(checkpointer: PostgresSaver) {
  const state = Annotation.Root({
    done: Annotation<string[]>({ reducer: (before, after) => [...before, ...after], default: () => [] }),
  });
  const node = (name: string) => async () => ({ done: [name] });
  return new StateGraph(state)
    .addNode('develop', node('develop'))
    .addNode('review', node('review'))
    .addNode('evaluate', node('evaluate'))
    .addEdge(START, 'develop')
    .addEdge('develop', 'review')
    .addEdge('review', 'evaluate')
    .addEdge('evaluate', END)
    .compile({ checkpointer });
}
