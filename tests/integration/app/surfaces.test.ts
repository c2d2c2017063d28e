import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openParts } from '../../../src/app/open-parts.ts';
import { runningSpiral } from '../../../src/app/running-spiral.ts';
import { loadConfig } from '../../../src/config/config.ts';
import type { SpiralEvent } from '../../../src/domain/event.ts';
import type { TaskId } from '../../../src/domain/identifiers.ts';
import { play, say, write } from '../../../src/rehearsal/play.ts';
import { type Rehearsal, type Script, startRehearsal } from '../../../src/rehearsal/server.ts';
import type { Spiral, TaskRequest } from '../../../src/spiral.ts';
import { alwaysRed, silent } from '../../support/plays.ts';
import { testDatabase } from '../../support/postgres.ts';

let base: string;
let database: Awaited<ReturnType<typeof testDatabase>>;
let model: Rehearsal;
let opened: { readonly spiral: Spiral; readonly leave: AbortController; serving: Promise<void> }[];

beforeEach(async () => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'spiral-surfaces-')));
  database = await testDatabase();
  opened = [];
});
afterEach(async () => {
  for (const { spiral, leave, serving } of opened) {
    leave.abort();
    await serving;
    await spiral.close();
  }
  await model?.close();
  await database.drop();
  rmSync(base, { recursive: true, force: true });
});

const home = () => join(base, 'home/.spiral');

/** One more process of this installation, as far as anybody can tell. */
async function open(): Promise<Spiral> {
  const config = await loadConfig({
    environment: {
      PATH: process.env['PATH'] ?? '',
      HOME: join(base, 'home'),
      SPIRAL_HOME: home(),
      DATABASE_URL: database.url,
      ANTHROPIC_BASE_URL: model.baseUrl,
    },
  });
  const parts = await openParts(config, { kind: 'free', value: 'rehearsal' }, () => undefined, { serves: true });
  const spiral = runningSpiral(parts);
  opened.push({ spiral, leave: new AbortController(), serving: Promise.resolve() });
  return spiral;
}

/** A system that answers from a script, and works on what is queued. */
async function serving(script: Script): Promise<Spiral> {
  model = await startRehearsal(script);
  const spiral = await open();
  const [system] = opened;
  if (!system) throw new Error('nothing is open');
  await new Promise<void>((resolve, reject) => {
    system.serving = spiral.serve(system.leave.signal, resolve);
    system.serving.catch(reject);
  });
  return spiral;
}

const asked = { text: 'Create what the plan says', agent: 'developer', origin: 'discord' } as const;

async function submitted(spiral: Spiral, request: Partial<TaskRequest> = {}): Promise<TaskId> {
  const submission = await spiral.submit({ ...asked, ...request });
  if (submission.kind === 'refused') throw new Error(submission.problem);
  return submission.taskId;
}

async function told(spiral: Spiral, taskId: TaskId, is: (event: SpiralEvent) => boolean, after = 0) {
  const enough = new AbortController();
  for await (const event of spiral.watch({ after, taskId }, enough.signal)) {
    if (!is(event)) continue;
    enough.abort();
    return event;
  }
  throw new Error('it was never told');
}

const isFinished = ({ type }: SpiralEvent) => type === 'task.finished';
const text = (words: string) => new TextEncoder().encode(words);
const words = (content: Uint8Array | undefined) => new TextDecoder().decode(content);
const limits = { bytes: 1_000_000, files: 10 };
const key = `sk-ant-${'a1B2c3D4'.repeat(5)}`;

const threeFiles = play([
  [
    [write('todo.py', 'print("todo")\n'), write('.env', 'TOKEN=1\n'), write('notes.txt', `key: ${key}\n`)],
    [say('Done.')],
  ],
]);

test('a task without a folder works in one of its own, with the files that came with it, and what it made is given without secrets', async () => {
  const spiral = await serving(threeFiles);
  const taskId = await submitted(spiral, {
    key: 'message-1',
    attachments: [{ name: '../plan‮.txt', content: text('the plan') }],
  });
  await told(spiral, taskId, isFinished);
  const workspace = join(home(), 'workspaces', taskId);
  expect(readFileSync(join(workspace, 'attachments', taskId, 'plan.txt'), 'utf8')).toBe('the plan');
  expect(JSON.stringify(model.received.map(({ body }) => body))).toContain(`attachments/${taskId}/plan.txt`);

  const deliverables = await spiral.deliverables(taskId, limits);
  expect(deliverables).toMatchObject({ workspace, withheld: ['.env', 'notes.txt'] });
  expect(deliverables?.zip).toBeUndefined();
  expect(deliverables?.files.map(({ name, content }) => [name, words(content)])).toEqual([
    ['todo.py', 'print("todo")\n'],
  ]);
  expect(words(deliverables?.patch?.content)).toContain('+print("todo")');
  expect(words(deliverables?.patch?.content)).not.toMatch(/TOKEN|sk-ant/);

  expect(await spiral.submit({ ...asked, key: 'message-1' })).toEqual({ kind: 'accepted', taskId });
  expect(await spiral.tasks(10)).toHaveLength(1);
});

test('more files than are wanted come as one archive, and nothing that is larger than is wanted', async () => {
  const files = Array.from({ length: 4 }, (_, index) => write(`part${index}.txt`, `${index}`.repeat(2_000)));
  const spiral = await serving(play([[files, [say('Done.')]]]));
  const taskId = await submitted(spiral);
  await told(spiral, taskId, isFinished);
  const many = await spiral.deliverables(taskId, { bytes: 1_000_000, files: 3 });
  expect(many?.files).toEqual([]);
  expect(Object.keys(unzipSync(many?.zip?.content ?? new Uint8Array())).sort()).toEqual([
    'part0.txt',
    'part1.txt',
    'part2.txt',
    'part3.txt',
  ]);
  const little = await spiral.deliverables(taskId, { bytes: 100, files: 10 });
  expect(little).toMatchObject({ files: [], withheld: [] });
  expect([little?.zip, little?.patch]).toEqual([undefined, undefined]);
  expect(await spiral.deliverables('nothing' as TaskId, limits)).toBeUndefined();
});

test('of processes that ask for the same at once, one makes the task, and nothing is left of the others', async () => {
  model = await startRehearsal(silent);
  const spirals = [await open(), await open(), await open()];
  const attachments = [{ name: 'plan.txt', content: text('x') }];
  const tasks = await Promise.all(spirals.map((spiral) => submitted(spiral, { key: 'message-1', attachments })));
  expect(new Set(tasks).size).toBe(1);
  for (const place of ['workspaces', 'attachments']) expect(readdirSync(join(home(), place))).toEqual([tasks[0]]);
});

test('in a repository the files that came with a task are in its worktree, and not in its work', async () => {
  const repository = join(base, 'repository');
  mkdirSync(repository);
  const git = (...args: string[]) => execFileSync('git', ['-C', repository, ...args]).toString();
  git('init', '--quiet', '-b', 'main');
  writeFileSync(join(repository, 'readme.txt'), 'hello\n');
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '--quiet', '-m', 'first');
  const spiral = await serving(threeFiles);
  const taskId = await submitted(spiral, {
    repository,
    attachments: [{ name: 'plan.txt', content: text('the plan') }],
  });
  await told(spiral, taskId, isFinished);
  const [task] = await spiral.findTasks(taskId);
  expect(readFileSync(join(task?.workspace ?? '', 'attachments', taskId, 'plan.txt'), 'utf8')).toBe('the plan');
  expect(git('ls-tree', '-r', '--name-only', `spiral/${taskId}`).split('\n')).toEqual([
    '.env',
    'notes.txt',
    'readme.txt',
    'todo.py',
    '',
  ]);
  const patch = words((await spiral.deliverables(taskId, limits))?.patch?.content);
  expect(patch).toContain('+++ b/todo.py');
  expect(patch).not.toMatch(/TOKEN|sk-ant|attachments/);
});

test('a task that is reworded before it begins is done as it was reworded', async () => {
  model = await startRehearsal(threeFiles);
  const before = await open();
  const taskId = await submitted(before);
  expect(await before.reword(taskId, '  Paint the shed green  ')).toBe(true);
  expect(await before.reword(taskId, '   ')).toBe(false);
  await before.drive(taskId);
  const received = JSON.stringify(model.received.map(({ body }) => body.messages));
  expect(received).toContain('Paint the shed green');
  expect(received).not.toContain(asked.text);
  expect(await before.reword(taskId, 'Too late')).toBe(false);
});

test('what a person grants is acted on at once where the work is done', async () => {
  const spiral = await serving(alwaysRed);
  const taskId = await submitted(spiral, { promptLimit: 1 });
  const waiting = await told(spiral, taskId, ({ type }) => type === 'question.asked');
  const [question] = await spiral.pending();
  const begun = performance.now();
  expect(await spiral.grant(question?.id ?? '', { amount: 1 })).toBe(true);
  await told(spiral, taskId, ({ type }) => type === 'prompt.spent', waiting.id);
  expect(performance.now() - begun).toBeLessThan(1_500);
});

test('a stop ends a task whose model never answers within a second, and a later task begins', async () => {
  const spiral = await serving(silent);
  const first = await submitted(spiral);
  await told(spiral, first, ({ type }) => type === 'engine.started');
  const begun = performance.now();
  const stopped = await spiral.stop(first);
  expect(performance.now() - begun).toBeLessThan(1_500);
  expect(stopped).toMatchObject({ tasks: [first], left: 0, recorded: true });
  expect(stopped.processes).toBeGreaterThan(0);
  expect(await told(spiral, first, isFinished)).toMatchObject({ outcome: { status: 'cancelled' } });
  const second = await submitted(spiral);
  await told(spiral, second, ({ type }) => type === 'engine.started');
  expect(await spiral.stop('all')).toMatchObject({ tasks: [second], left: 0, recorded: true });
  expect(await told(spiral, second, isFinished)).toMatchObject({ outcome: { status: 'cancelled' } });
  expect(await spiral.stop('nothing' as TaskId)).toMatchObject({ tasks: [], processes: 0 });
});

test('a finished task is gone on with by whoever serves, once for each thing that was said', async () => {
  const spiral = await serving(threeFiles);
  const first = await submitted(spiral);
  await told(spiral, first, isFinished);
  const options = {
    driveHere: false,
    key: 'message-2',
    attachments: [{ name: 'more.txt', content: text('more') }],
    origin: 'discord',
  } as const;
  const [second, again] = await Promise.all([
    spiral.continue(first, 'And now in blue', options),
    spiral.continue(first, 'And now in blue', options),
  ]);
  expect(again).toEqual(second);
  if (second.kind === 'refused') throw new Error(second.problem);
  await told(spiral, second.taskId, isFinished);
  expect(existsSync(join(home(), 'workspaces', first, 'attachments', second.taskId, 'more.txt'))).toBe(true);
});

test('the own folder of a task goes with the last task that worked in it, and a folder that a person named stays', async () => {
  const spiral = await serving(threeFiles);
  const named = join(base, 'named');
  const [own, other] = [await submitted(spiral), await submitted(spiral, { workspace: named })];
  for (const task of [own, other]) await told(spiral, task, isFinished);
  const later = await spiral.continue(own, 'Go on', { driveHere: false });
  if (later.kind === 'refused') throw new Error(later.problem);
  await told(spiral, later.taskId, isFinished);
  const folder = join(home(), 'workspaces', own);
  const longAgo = new Date('2026-01-01T00:00:00Z');
  for (const path of [...readdirSync(folder).map((name) => join(folder, name)), folder]) {
    utimesSync(path, longAgo, longAgo);
  }
  await ended(longAgo, [own, other]);
  await spiral.prune();
  expect((await spiral.tasks(10)).map(({ id }) => id)).toEqual([later.taskId]);
  expect(existsSync(join(folder, 'todo.py'))).toBe(true);
  await ended(longAgo, [later.taskId]);
  await spiral.prune();
  expect([existsSync(folder), existsSync(join(named, 'todo.py'))]).toEqual([false, true]);
});

async function ended(at: Date, tasks: readonly TaskId[]): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('update spiral.tasks set finished_at = $1 where id = any($2)', [at, tasks]);
  await client.end();
}
