import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWorktrees } from '../../../src/workspace/worktrees/worktrees.ts';
import { newTaskId, RepositoryOnDisk } from './repositories-on-disk.ts';
import { userGit } from './workspaces-on-disk.ts';

let on: RepositoryOnDisk;

beforeEach(() => {
  on = new RepositoryOnDisk();
});

afterEach(() => on.leave());

test('the worktree lies under the state root and begins at what is checked out; nothing is made', async () => {
  const task = newTaskId();
  const before = on.untouchable();
  const planned = await on.worktrees.plan(on.path, task);
  expect(planned).toEqual({
    workspace: join(on.stateRoot, 'worktrees', task),
    repository: { path: on.path, branch: `spiral/${task}`, base: on.git('rev-parse', 'HEAD') },
  });
  expect(existsSync(join(on.stateRoot, 'worktrees'))).toBe(false);
  expect(on.untouchable()).toEqual(before);
});

test('a folder inside a repository, and a link to it, stand for the whole', async () => {
  symlinkSync(join(on.path, 'folder'), join(on.base, 'link'));
  for (const path of [join(on.path, 'folder'), join(on.base, 'link')]) {
    expect(await on.worktrees.plan(path, newTaskId())).toMatchObject({ repository: { path: on.path } });
  }
});

test('what is no repository with files and a commit is refused, each with its cure', async () => {
  mkdirSync(join(on.base, 'plain'));
  expect(await on.problemOf(join(on.base, 'plain'))).toEqual({
    problem: `${on.base}/plain is not in a git repository`,
    cure: 'name a repository with --repo PATH, or make it one: git init',
  });
  expect((await on.problemOf(join(on.base, 'nowhere'))).problem).toBe(`${on.base}/nowhere does not exist`);
  expect((await on.problemOf(join(on.path, 'a'))).problem).toBe(`${on.path}/a is a file`);
  expect((await on.problemOf(join(on.path, '.git'))).problem).toContain("lies among a repository's own files");
  expect((await on.problemOf(on.stateRoot)).problem).toBe(`${on.stateRoot} belongs to Spiral's own state`);

  userGit(on.base, 'clone', '--quiet', '--bare', on.path, 'bare');
  expect((await on.problemOf(join(on.base, 'bare'))).problem).toContain('is a bare repository');
  mkdirSync(join(on.base, 'empty'));
  userGit(join(on.base, 'empty'), 'init', '--quiet');
  expect((await on.problemOf(join(on.base, 'empty'))).problem).toBe(`${on.base}/empty has no commit yet`);
});

test('a submodule is refused, a repository that has one is not', async () => {
  userGit(on.base, 'init', '--quiet', 'outer');
  const outer = join(on.base, 'outer');
  userGit(outer, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', on.path, 'inner');
  userGit(outer, 'commit', '--quiet', '-m', 'with a submodule');
  expect((await on.problemOf(join(outer, 'inner'))).problem).toBe(`${outer}/inner is a submodule of ${outer}`);
  expect(await on.worktrees.plan(outer, newTaskId())).toHaveProperty('workspace');
});

test('a shallow clone and a linked worktree of the user are taken', async () => {
  userGit(on.base, 'clone', '--quiet', '--depth=1', `file://${on.path}`, 'shallow');
  expect(await on.worktrees.plan(join(on.base, 'shallow'), newTaskId())).toHaveProperty('workspace');
  on.git('worktree', 'add', '--quiet', '-b', 'other', join(on.base, 'linked'));
  expect(await on.worktrees.plan(join(on.base, 'linked'), newTaskId())).toMatchObject({
    repository: { path: join(on.base, 'linked') },
  });
});

test('a partial clone, and a repository whose files lie elsewhere, are refused', async () => {
  on.git('config', 'uploadpack.allowFilter', 'true');
  userGit(on.base, 'clone', '--quiet', '--filter=blob:none', `file://${on.path}`, 'partial');
  expect((await on.problemOf(join(on.base, 'partial'))).problem).toContain('is a partial clone');
  on.git('config', 'core.worktree', on.path);
  expect((await on.problemOf(on.path)).problem).toContain('core.worktree');
});

test.each([
  ['merge', 'merge', 'MERGE_HEAD'],
  ['cherry-pick', 'cherry-pick', 'CHERRY_PICK_HEAD'],
  ['rebase', 'rebase', 'rebase-merge'],
])('a repository in the middle of a %s is refused', async (operation, command, trace) => {
  on.git('switch', '--quiet', '--create', 'other');
  on.write({ a: 'other\n' });
  on.commitAll('other');
  on.git('switch', '--quiet', 'main');
  on.write({ a: 'main\n' });
  on.commitAll('main');
  expect(() => on.git(command, 'other')).toThrow();
  expect(existsSync(join(on.path, '.git', trace))).toBe(true);
  expect(await on.problemOf(on.path)).toEqual({
    problem: `${on.path} is in the middle of a ${operation}`,
    cure: `end it first: git ${operation} --continue, or git ${operation} --abort`,
  });
});

test('files that a configured program filters are refused; a filter that nothing uses or nobody installed is not', async () => {
  on.write({ '.gitattributes': '*.bin filter=large\n', 'x.bin': 'pointer' });
  on.commitAll('large files');
  expect(await on.worktrees.plan(on.path, newTaskId())).toHaveProperty('workspace');
  writeFileSync(join(on.userHome, '.gitconfig'), '[filter "large"]\n\tsmudge = cat\n\tclean = cat\n');
  expect((await on.problemOf(on.path)).problem).toBe(
    'x.bin goes through the filter large, a program that Spiral does not run',
  );
  on.git('rm', '--quiet', 'x.bin');
  on.commitAll('no large files');
  expect(await on.worktrees.plan(on.path, newTaskId())).toHaveProperty('workspace');
});

test('a branch called spiral is in the way', async () => {
  on.git('branch', 'spiral');
  expect((await on.problemOf(on.path)).cure).toBe(`rename it: git -C ${on.path} branch -m spiral NAME`);
});

test('a git that is missing or too old is told in a line', async () => {
  const withPath = (path: string) =>
    openWorktrees({ ...on.setting, environment: { PATH: path } }).plan(on.path, newTaskId());
  expect(await withPath('/nonexistent')).toEqual({ problem: 'git could not be started', cure: 'Install git.' });
  const old = join(on.base, 'old');
  mkdirSync(old);
  writeFileSync(join(old, 'git'), '#!/bin/sh\necho git version 2.37.9\n');
  chmodSync(join(old, 'git'), 0o755);
  expect(await withPath(old)).toEqual({
    problem: 'git 2.37.9 is too old to work for a repository',
    cure: 'Install git 2.38 or newer.',
  });
});

test('a full disk is told as such', async () => {
  const full = join(on.base, 'full');
  mkdirSync(full);
  writeFileSync(join(full, 'git'), '#!/bin/sh\necho "fatal: write error: No space left on device" >&2\nexit 128\n');
  chmodSync(join(full, 'git'), 0o755);
  const planned = openWorktrees({ ...on.setting, environment: { PATH: full } }).plan(on.path, newTaskId());
  expect(await planned).toMatchObject({ problem: 'git version failed: the disk is full' });
  expect(readdirSync(on.stateRoot)).not.toContain('worktrees');
});
