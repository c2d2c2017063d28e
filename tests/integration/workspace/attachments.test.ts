import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TaskId } from '../../../src/domain/identifiers.ts';
import { openAttachments } from '../../../src/workspace/attachments/attachments.ts';
import { contentsOf } from '../../../src/workspace/files/contents.ts';
import { WorkspaceError } from '../../../src/workspace/workspace.ts';

let base: string;
let stateRoot: string;
let workspace: string;
const task = 'task1' as TaskId;
const text = (words: string) => new TextEncoder().encode(words);

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'spiral-attachments-')));
  stateRoot = join(base, 'state');
  workspace = join(base, 'workspace');
  mkdirSync(stateRoot);
  mkdirSync(workspace);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

test('what came with a task is kept under safe names, and put where those names say', async () => {
  const attachments = openAttachments(stateRoot);
  const files = [
    { name: '../../escape.txt', content: text('one') },
    { name: 'x/escape.txt', content: text('two') },
  ];
  const paths = await attachments.keep(task, files);
  expect(paths).toEqual(['attachments/task1/escape.txt', 'attachments/task1/escape-2.txt']);
  expect(readdirSync(workspace)).toEqual([]);
  // A kill may come after any of it.
  for (let times = 0; times < 2; times += 1) await openAttachments(stateRoot).put(workspace, task);
  expect(paths.map((path) => readFileSync(join(workspace, path), 'utf8'))).toEqual(['one', 'two']);
  expect(readdirSync(join(workspace, 'attachments/task1')).sort()).toEqual([
    '.gitignore',
    'escape-2.txt',
    'escape.txt',
  ]);
});

test('git sees nothing of it', async () => {
  execFileSync('git', ['init', '--quiet', workspace]);
  const attachments = openAttachments(stateRoot);
  await attachments.keep(task, [{ name: 'plan.pdf', content: text('x') }]);
  await attachments.put(workspace, task);
  const status = execFileSync('git', ['-C', workspace, 'status', '--porcelain', '--untracked-files=all']);
  expect(status.toString()).toBe('');
});

test.each(['attachments', 'attachments/task1'])('nothing is written through a link at %s', async (place) => {
  const outside = join(base, 'outside');
  mkdirSync(outside);
  mkdirSync(join(workspace, place, '..'), { recursive: true });
  symlinkSync(outside, join(workspace, place));
  const attachments = openAttachments(stateRoot);
  await attachments.keep(task, [{ name: 'plan.pdf', content: text('x') }]);
  await expect(attachments.put(workspace, task)).rejects.toBeInstanceOf(WorkspaceError);
  expect(readdirSync(outside)).toEqual([]);
});

test('a link in the place of a file is replaced, and what it leads to stays as it was', async () => {
  const target = join(base, 'target');
  writeFileSync(target, 'mine');
  mkdirSync(join(workspace, 'attachments/task1'), { recursive: true });
  symlinkSync(target, join(workspace, 'attachments/task1/plan.pdf'));
  const attachments = openAttachments(stateRoot);
  await attachments.keep(task, [{ name: 'plan.pdf', content: text('sent') }]);
  await attachments.put(workspace, task);
  expect(readFileSync(target, 'utf8')).toBe('mine');
  expect(readFileSync(join(workspace, 'attachments/task1/plan.pdf'), 'utf8')).toBe('sent');
});

test('what came with a task that came to nothing is deleted', async () => {
  const attachments = openAttachments(stateRoot);
  await attachments.keep(task, [{ name: 'plan.pdf', content: text('x') }]);
  await attachments.discard(task);
  expect(existsSync(join(stateRoot, 'attachments/task1'))).toBe(false);
});

test('files of the workspace are read, and nothing that lies elsewhere', async () => {
  const outside = join(base, 'secret');
  writeFileSync(outside, 'secret');
  writeFileSync(join(workspace, 'mine'), 'content');
  symlinkSync('mine', join(workspace, 'inside'));
  symlinkSync(outside, join(workspace, 'out'));
  mkdirSync(join(workspace, 'folder'));
  execFileSync('ln', [outside, join(workspace, 'second-name')]);
  execFileSync('mkfifo', [join(workspace, 'pipe')]);
  const read = (path: string, most = 100) => contentsOf(workspace, path, most);
  for (const path of ['mine', 'inside']) {
    expect(await read(path)).toEqual({ kind: 'file', content: Buffer.from('content') });
  }
  for (const path of ['out', 'second-name', 'pipe', 'folder', '../secret', outside, 'missing', '', 'a\0b']) {
    expect(await read(path), path).toEqual({ kind: 'no-file' });
  }
  expect(await read('mine', 6)).toEqual({ kind: 'too-large' });
});
