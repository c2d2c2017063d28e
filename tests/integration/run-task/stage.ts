import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { questionsOf, rosterOf } from '../../../src/agents/roster.ts';
import { ownTemplates, templatesOf } from '../../../src/agents/template-files.ts';
import { limitsOf } from '../../../src/domain/budget.ts';
import type { SpiralEvent } from '../../../src/domain/event.ts';
import type { SessionId, TaskId } from '../../../src/domain/identifiers.ts';
import type { Task } from '../../../src/domain/task.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { openProcessSandbox } from '../../../src/sandbox/processes/process-sandbox.ts';
import { openRunFile } from '../../../src/sandbox/processes/run-file.ts';
import { openStopRequests } from '../../../src/sandbox/processes/stop-requests.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import type { NewTask, Store } from '../../../src/store/store.ts';
import { type DriveOptions, driveTask } from '../../../src/workflows/run-task/drive-task.ts';
import type { CycleRules, RunTaskNeeds } from '../../../src/workflows/run-task/needs.ts';
import { eventsOf } from '../../../src/workflows/run-task/recorded.ts';
import { openLocalWorkspaces } from '../../../src/workspace/local-workspaces.ts';
import { failuresOf } from '../../../src/workspace/verification/failures.ts';
import { noToolbox, noTools } from '../../support/no-tools.ts';
import { testDatabase } from '../../support/postgres.ts';
import type { ScriptedRound } from '../../support/scripted-engine.ts';
import { acceptedNews, exampleTask } from '../store/examples.ts';

/** A person's own command, so nothing that the work brings: what the work holds decides whether it is green. */
const testCommand = `if grep -rq green --include='*.txt' .; then broken=''; else broken='<failure message="boom">boom</failure>'; fi
echo "<testsuites><testsuite name='s'><testcase classname='c' name='t'>$broken</testcase></testsuite></testsuites>" > junit.xml
grep -rq green --include='*.txt' .`;

/** Work whose tests, run by the stage's own command, come out as asked. */
export function workWith(tests: 'green' | 'red'): ScriptedRound {
  return { files: { 'made.txt': tests } };
}

const templates = templatesOf(ownTemplates());

/** Agents that may use what they like in a cycle. */
const noCycles: CycleRules = {
  shareOf: () => undefined,
  shares: () => [],
  moves: () => ({ scope: 'moves:0', limit: {} }),
};

/** The parts that a task runs on: real ones but for the engine. */
export async function openStage() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'spiral-run-task-')));
  const database = await testDatabase();
  const store = await openPostgresStore({ databaseUrl: database.url });
  const runFile = openRunFile(folder);
  const sandbox = openProcessSandbox('none', runFile);
  const environment = { PATH: process.env['PATH'] ?? '' };
  const workspaces = openLocalWorkspaces({ stateRoot: folder, userHome: join(folder, 'home'), environment, sandbox });
  let processes = 0;

  return {
    store,
    folder,
    databaseUrl: database.url,
    /** Needs of a process that never was before; of every other one it finds that it is dead. */
    needs(engine: Engine, changes: Partial<RunTaskNeeds> = {}): RunTaskNeeds {
      processes += 1;
      return {
        store,
        engine,
        workspaces,
        roster: rosterOf(templates),
        team: questionsOf(templates),
        llm: { isMetered: true, ask: unasked },
        reader: { isMetered: true, read: unasked },
        expectedEfficiency: () => 1,
        attempts: 3,
        newTaskId: () => randomUUID().slice(0, 8) as TaskId,
        report: () => undefined,
        verification: {
          configured: { command: testCommand, junit: 'junit.xml' },
          timeoutMs: 30_000,
          memoryBytes: 1024 ** 3,
          processes: 100,
        },
        setup: { copy: [], timeoutMs: 30_000 },
        budget: {
          limitsOf: ({ id, agent }) =>
            limitsOf({ task: {}, agent: {}, project: {}, night: {}, all: {} }, { taskId: id, agent }),
          cycles: noCycles,
          atLimit: 'ask',
          unattended: { atLimit: 'wait', amounts: { prompts: 1, tokens: 1, usd: 1 } },
        },
        slots: { take: async () => ({ release: async () => undefined }) },
        conversations: { allowance: { each: 3, all: 15 }, attempts: 5, maxTokens: 8_000, maySpeakIn: () => true },
        wake: async () => undefined,
        tools: noTools,
        toolbox: noToolbox,
        stops: openStopRequests(folder, runFile),
        failuresOf: async (report) => failuresOf(report),
        self: { pid: process.pid, startedAt: `${processes}`, namespace: 'test' },
        isAlive: () => false,
        reapLeftovers: () => undefined,
        now: Date.now,
        ...changes,
      };
    },
    async task(changes: Partial<NewTask> = {}): Promise<Task> {
      const workspace = join(folder, 'workspaces', randomUUID());
      mkdirSync(workspace, { recursive: true });
      const task = exampleTask({ workspace, sessionId: randomUUID() as SessionId, ...changes });
      return store.tasks.create(task, acceptedNews(task));
    },
    events: (id: TaskId) => eventsOf(store, id),
    async close() {
      await store.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Only agents that answer are asked directly. */
async function unasked(): Promise<never> {
  throw new Error('nobody is asked here');
}

export type Stage = Awaited<ReturnType<typeof openStage>>;

/** Drives a task as `serve` would, unless told otherwise. */
export function drive(id: TaskId, needs: RunTaskNeeds, options: Partial<DriveOptions> = {}) {
  return driveTask(id, needs, { signal: new AbortController().signal, whenBusy: 'leave', ...options });
}

export function typesOf(events: readonly SpiralEvent[]): string[] {
  return events.map(({ type }) => type);
}

/** The outcome of a task that is finished, and that exactly once. */
export function outcomeIn(events: readonly SpiralEvent[]) {
  const ends = events.filter((event) => event.type === 'task.finished');
  const [end] = ends;
  if (!end || ends.length > 1) throw new Error(`${ends.length} ends in ${typesOf(events).join(', ')}`);
  return end.outcome;
}

/** The same store, each of whose calls first passes `before` and then `after`; what those throw, the call throws. */
export function watched(
  store: Store,
  { before = () => undefined, after = () => undefined }: { before?(call: string): void; after?(call: string): void },
): Store {
  const guard =
    <Given extends unknown[], Answer>(name: string, call: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      before(name);
      const answer = await call(...given);
      after(name);
      return answer;
    };
  const { tasks, events, budgets, tests } = store;
  return {
    ...store,
    tasks: {
      ...tasks,
      lease: guard('lease', tasks.lease),
      occupy: guard('occupy', tasks.occupy),
      release: guard('release', tasks.release),
      renew: guard('renew', tasks.renew),
      advance: guard('advance', tasks.advance),
      beginRound: guard('beginRound', tasks.beginRound),
      ask: guard('ask', tasks.ask),
      append: guard('append', tasks.append),
      output: guard('output', tasks.output),
    },
    events: { ...events, read: guard('read', events.read) },
    budgets: {
      ...budgets,
      reserve: guard('reserve', budgets.reserve),
      settle: guard('settle', budgets.settle),
    },
    tests: { ...tests, keep: guard('keep', tests.keep) },
  };
}
