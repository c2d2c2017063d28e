import {
  chmodSync,
  existsSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SessionId, TaskId } from '../../../src/domain/identifiers.ts';
import { pruneFiles, type Retention } from '../../../src/workspace/retention/prune-files.ts';
import { changesBetween, takeSnapshot } from '../../../src/workspace/shadow-git/repository.ts';
import { nameOfWorkspace } from '../../../src/workspace/workspace-name.ts';

let base: string;
let stateRoot: string;
const searchPath = process.env['PATH'] ?? '';

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'spiral-retention-')));
  stateRoot = join(base, 'state');
  mkdirSync(stateRoot);
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

const now = new Date();
const yearAgo = new Date(now.getTime() - 365 * 86_400_000);
const monthAgo = new Date(now.getTime() - 30 * 86_400_000);

function write(path: string, content = 'x'.repeat(10_000)): void {
  mkdirSync(dirname(join(stateRoot, path)), { recursive: true });
  writeFileSync(join(stateRoot, path), content);
}

/** Makes a file or folder with all that is in it a year old. */
function age(path: string, when = yearAgo): void {
  const full = join(stateRoot, path);
  for (const entry of readdirSync(full, { recursive: true, withFileTypes: true })) {
    lutimesSync(join(entry.parentPath, entry.name), when, when);
  }
  lutimesSync(full, when, when);
}

function prune(retention: Partial<Retention> = {}) {
  const nothing = { keepTasks: [], keepWorkspaces: [], keepSessions: [], keepFolders: [] };
  const limits = { olderThan: monthAgo, maxBytes: Number.POSITIVE_INFINITY, searchPath };
  return pruneFiles(stateRoot, { ...nothing, ...limits, ...retention });
}

async function remember(workspace: string, task: string, name: string, content: string): Promise<string> {
  mkdirSync(join(base, workspace), { recursive: true });
  writeFileSync(join(base, workspace, 'file'), content);
  await takeSnapshot({ root: join(stateRoot, 'shadow'), searchPath }, join(base, workspace), task as TaskId, name);
  return `shadow/${nameOfWorkspace(join(base, workspace))}.git`;
}

test('the folder of a build goes with the work on it, and stays while that goes on', async () => {
  write('builds/closed/index.mjs');
  write('builds/going/index.mjs');
  age('builds');
  await prune({ keepWorkspaces: [join(stateRoot, 'builds/going')] });
  expect(readdirSync(join(stateRoot, 'builds'))).toEqual(['going']);
});

test('the own folder of a task stays as long as the task is known, however little room there is, and what came with it does not', async () => {
  write('workspaces/known/todo.py');
  write('workspaces/forgotten/todo.py');
  write('attachments/known/plan.pdf');
  write('attachments/unfinished/plan.pdf');
  age('.');
  await prune({
    keepFolders: [join(stateRoot, 'workspaces/known')],
    keepTasks: ['unfinished' as TaskId],
    maxBytes: 0,
  });
  expect(readdirSync(join(stateRoot, 'workspaces'))).toEqual(['known']);
  expect(readdirSync(join(stateRoot, 'attachments'))).toEqual(['unfinished']);
});

test('a link among the own folders is not followed', async () => {
  mkdirSync(join(base, 'mine'), { recursive: true });
  writeFileSync(join(base, 'mine/kept'), '');
  mkdirSync(join(stateRoot, 'workspaces'), { recursive: true });
  symlinkSync(join(base, 'mine'), join(stateRoot, 'workspaces/linked'));
  await prune({ maxBytes: 0 });
  expect(readdirSync(join(base, 'mine'))).toEqual(['kept']);
});

test('what is old and belongs to nobody goes, and what is young stays', async () => {
  write('homes/old/.npm/cache');
  write('worktrees/old/node_modules/x');
  write('worktrees/old.json');
  write('worktrees/old.index');
  write('worktrees/.index-abc/index');
  write('claude-code/projects/-home/11111111-1111-4111-8111-111111111111.jsonl');
  write('claude-code/projects/-home/11111111-1111-4111-8111-111111111111/subagents/a.jsonl');
  await remember('old', 'old', 'before', '1');
  age('.');
  write('homes/young/x');
  write('worktrees/young/x');
  write('claude-code/projects/-home/22222222-2222-4222-8222-222222222222.jsonl');
  const young = await remember('young', 'young', 'before', '1');
  const { bytesFreed, bytesKept } = await prune();
  expect(readdirSync(join(stateRoot, 'homes'))).toEqual(['young']);
  expect(readdirSync(join(stateRoot, 'worktrees'))).toEqual(['young']);
  expect(readdirSync(join(stateRoot, 'claude-code/projects/-home'))).toEqual([
    '22222222-2222-4222-8222-222222222222.jsonl',
  ]);
  expect(readdirSync(join(stateRoot, 'shadow'))).toEqual([young.replace('shadow/', '')]);
  expect(bytesFreed).toBeGreaterThan(70_000);
  expect(bytesKept).toBeGreaterThan(30_000);
});

test('what is needed stays, however old it is and however little room there is', async () => {
  const workspace = join(base, 'mine');
  write(`homes/${nameOfWorkspace(workspace)}/x`);
  write('worktrees/task/x');
  write('worktrees/task.json');
  write('claude-code/projects/-home/11111111-1111-4111-8111-111111111111.jsonl');
  const kept = [await remember('mine', 'other', 'before', '1'), await remember('yours', 'task', 'before', '1')];
  age('.');
  await prune({
    keepTasks: ['task' as TaskId],
    keepWorkspaces: [workspace],
    keepSessions: ['11111111-1111-4111-8111-111111111111' as SessionId],
    maxBytes: 0,
  });
  for (const path of [`homes/${nameOfWorkspace(workspace)}/x`, 'worktrees/task/x', 'worktrees/task.json', ...kept]) {
    expect(existsSync(join(stateRoot, path)), path).toBe(true);
  }
  expect(readdirSync(join(stateRoot, 'claude-code/projects/-home'))).toHaveLength(1);
});

test('when there is too much, the oldest goes first, and no more than is needed', async () => {
  for (const [name, days] of [
    ['a', 3],
    ['b', 2],
    ['c', 1],
  ] as const) {
    write(`homes/${name}/x`, 'x'.repeat(100_000));
    age(`homes/${name}`, new Date(now.getTime() - days * 86_400_000));
  }
  const { bytesKept } = await prune({ maxBytes: 250_000 });
  expect(readdirSync(join(stateRoot, 'homes')).sort()).toEqual(['b', 'c']);
  expect(bytesKept).toBeLessThanOrEqual(250_000);
});

test('a dry run tells the same and deletes nothing', async () => {
  write('homes/old/x');
  age('homes');
  const told = await prune({ dryRun: true });
  expect(readdirSync(join(stateRoot, 'homes'))).toEqual(['old']);
  expect(await prune()).toEqual(told);
  expect(readdirSync(join(stateRoot, 'homes'))).toEqual([]);
});

test('links are deleted, never what they lead to', async () => {
  const precious = join(base, 'precious');
  mkdirSync(precious);
  writeFileSync(join(precious, 'x'), 'x');
  write('homes/old/x');
  symlinkSync(precious, join(stateRoot, 'homes/old/link'));
  symlinkSync(precious, join(stateRoot, 'homes/linked'));
  age('homes');
  chmodSync(join(stateRoot, 'homes/old'), 0o500);
  symlinkSync(precious, join(stateRoot, 'worktrees'));
  mkdirSync(join(stateRoot, 'claude-code'));
  renameSync(precious, join(base, 'elsewhere'));
  symlinkSync(join(base, 'elsewhere'), precious);
  symlinkSync(precious, join(stateRoot, 'claude-code/projects'));
  await prune({ maxBytes: 0 });
  expect(readFileSync(join(base, 'elsewhere/x'), 'utf8')).toBe('x');
  expect(readdirSync(join(stateRoot, 'homes'))).toEqual(['linked']);
});

test('files of the state root that are none of these stay', async () => {
  write('machine-id');
  write('postgres/data');
  write('claude-code/settings.json');
  write('claude-code/projects/-home/memory/notes.md');
  age('.');
  await prune({ maxBytes: 0 });
  for (const path of [
    'machine-id',
    'postgres/data',
    'claude-code/settings.json',
    'claude-code/projects/-home/memory/notes.md',
  ]) {
    expect(existsSync(join(stateRoot, path)), path).toBe(true);
  }
});

test('old states of a workspace that is still used go, and the others can still be compared', async () => {
  const noise = () => Array.from({ length: 20_000 }, () => Math.random().toString(36)).join('\n');
  const shadow = await remember('mine', 'old', 'before', noise());
  await remember('mine', 'old', 'after', noise());
  age(shadow);
  await remember('mine', 'new', 'before', '1');
  await remember('mine', 'new', 'after', '2');
  const { bytesFreed } = await prune();
  expect(readdirSync(join(stateRoot, shadow, 'refs/spiral'))).toEqual(['new']);
  expect(bytesFreed).toBeGreaterThan(100_000);
  const compared = changesBetween(
    { root: join(stateRoot, 'shadow'), searchPath },
    join(base, 'mine'),
    'new' as TaskId,
    'before',
    'after',
  );
  expect(await compared).toEqual([{ path: 'file', change: 'modified' }]);
  await remember('mine', 'newer', 'before', '3');
});

test('where there is nothing, nothing is freed', async () => {
  expect(await prune()).toEqual({ bytesFreed: 0, bytesKept: 0 });
  expect(readdirSync(stateRoot)).toEqual([]);
});
