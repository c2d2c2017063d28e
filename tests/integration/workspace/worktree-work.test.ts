import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../support/processes.ts';
import { newTaskId, RepositoryOnDisk, Work } from './repositories-on-disk.ts';
import { userGit } from './workspaces-on-disk.ts';

let on: RepositoryOnDisk;

beforeEach(() => {
  on = new RepositoryOnDisk();
});

afterEach(() => on.leave());

test('from making to discarding, nothing of the repository changes but our branch', async () => {
  on.write({ '.gitignore': 'ignored\n', staged: '1' });
  on.commitAll('more');
  on.write({ a: 'stashed\n' });
  on.git('stash');
  on.write({ staged: '2', 'folder/b': 'not committed\n', untracked: 'x', ignored: 'y' });
  on.git('add', 'staged');
  on.git('status');
  const before = on.untouchable();

  const work = await on.begin();
  expect(on.untouchable()).toEqual(before);
  expect(readdirSync(work.workspace).sort()).toEqual(['.git', '.gitignore', 'a', 'folder', 'staged']);
  expect(on.read('folder/b', work.workspace)).toBe('two\n');
  expect(userGit(work.workspace, 'status', '--porcelain', '--branch')).toBe(`## spiral/${work.task}\n`);

  work.write({ a: 'mine\n', new: 'mine\n' });
  rmSync(join(work.workspace, 'folder'), { recursive: true });
  expect(await work.commit('What was done')).toBe(true);
  expect(on.untouchable()).toEqual(before);
  expect(userGit(work.workspace, 'status', '--porcelain')).toBe('');
  expect(on.git('show', '--format=%s', '--name-status', work.repository.branch)).toBe(
    'What was done\n\nM\ta\nD\tfolder/b\nA\tnew',
  );
  await work.diff();
  expect(on.untouchable()).toEqual(before);

  await work.discard();
  expect(on.untouchable()).toEqual(before);
  expect(existsSync(join(on.path, '.git/worktrees'))).toBe(false);
  expect(on.git('branch', '--list', 'spiral/*')).toBe('');
  expect(readdirSync(join(on.stateRoot, 'worktrees'))).toEqual([]);
  await work.discard();
});

test('without a change there is no commit', async () => {
  const work = await on.begin();
  expect(await work.commit()).toBe(false);
  work.write({ a: 'mine\n' });
  expect(await work.commit()).toBe(true);
  expect(await work.commit()).toBe(false);
  expect(on.git('rev-list', '--count', `main..${work.repository.branch}`)).toBe('1');
});

test('the commits are by whoever the repository or the global configuration names, else by Spiral', async () => {
  const authorOf = async (name: string) => {
    const work = await on.begin();
    work.write({ a: name });
    await work.commit();
    return on.git('log', '-1', '--format=%an <%ae>, %cn <%ce>', work.repository.branch);
  };
  expect(await authorOf('1')).toBe('Spiral <spiral@localhost>, Spiral <spiral@localhost>');
  writeFileSync(join(on.userHome, '.gitconfig'), '[user]\n\tname = Global\n\temail = g@example.org\n');
  expect(await authorOf('2')).toBe('Global <g@example.org>, Global <g@example.org>');
  on.git('config', 'user.name', 'Local');
  expect(await authorOf('3')).toBe('Local <g@example.org>, Local <g@example.org>');
});

test('what the repository and the user ignore is not committed, ignored tests and installed packages included', async () => {
  on.write({ '.gitignore': 'dist/\n*.log\n', 'kept.log': 'tracked\n' });
  on.git('add', '--force', 'kept.log');
  on.commitAll('ignores');
  writeFileSync(join(on.path, '.git/info/exclude'), 'private\n');
  mkdirSync(join(on.userHome, '.config/git'), { recursive: true });
  writeFileSync(join(on.userHome, '.config/git/ignore'), '.DS_Store\n');
  const work = await on.begin();
  work.write({
    'dist/tests/a.test.js': '',
    'b.log': '',
    private: '',
    '.DS_Store': '',
    'node_modules/x/index.js': '',
    'kept.log': 'changed\n',
    'c.ts': '',
  });
  await work.commit();
  expect(work.committed()).toEqual(['.gitignore', 'a', 'c.ts', 'folder/b', 'kept.log']);
  expect(on.git('show', `${work.repository.branch}:kept.log`)).toBe('changed');

  writeFileSync(join(on.userHome, '.gitconfig'), '[core]\n\texcludesFile = ~/mine\n');
  writeFileSync(join(on.userHome, 'mine'), '.DS_Store\n*.swp\n');
  work.write({ 'd.swp': '', 'd.ts': '' });
  await work.commit();
  expect(work.committed()).toEqual(['.gitignore', 'a', 'c.ts', 'd.ts', 'folder/b', 'kept.log']);
});

test('a user who sees a part of the repository only, with an index in pieces, gets the whole work and keeps the part', async () => {
  on.git('config', 'core.splitIndex', 'true');
  on.git('sparse-checkout', 'set', '--no-cone', '/a');
  on.git('update-index', '--split-index');
  const before = on.untouchable();
  const work = await on.begin();
  expect(readdirSync(work.workspace).sort()).toEqual(['.git', 'a', 'folder']);
  work.write({ a: 'mine\n', 'folder/b': 'mine\n', 'folder/c': 'mine\n' });
  await work.commit();
  expect(on.git('diff', '--name-only', 'main', work.repository.branch)).toBe('a\nfolder/b\nfolder/c');
  expect(on.untouchable()).toEqual(before);
  expect(await work.merge()).toMatchObject({ kind: 'merged' });
  expect(on.git('status', '--porcelain')).toBe('');
  expect(readdirSync(on.path).sort()).toEqual(['.git', 'a']);
});

test('line ends are kept as the user has them everywhere', async () => {
  writeFileSync(join(on.userHome, '.gitconfig'), '[core]\n\tautocrlf = true\n');
  const work = await on.begin();
  expect(on.read('a', work.workspace)).toBe('one\r\n');
  work.write({ new: 'x\r\n' });
  await work.commit();
  expect(work.committed()).toEqual(['a', 'folder/b', 'new']);
  expect(on.git('diff', '--name-only', 'main', work.repository.branch)).toBe('new');
  expect(on.git('cat-file', '-s', `${work.repository.branch}:new`)).toBe('2');
});

test('the files of a repository that was made inside are committed one by one', async () => {
  const work = await on.begin();
  mkdirSync(join(work.workspace, 'unborn'));
  userGit(join(work.workspace, 'unborn'), 'init', '--quiet');
  work.write({ 'unborn/x': '1' });
  mkdirSync(join(work.workspace, 'born'));
  userGit(join(work.workspace, 'born'), 'init', '--quiet');
  work.write({ 'born/y': '1' });
  userGit(join(work.workspace, 'born'), 'add', '.');
  userGit(join(work.workspace, 'born'), 'commit', '--quiet', '-m', 'inside');
  await work.commit();
  expect(work.committed()).toEqual(['a', 'born/y', 'folder/b', 'unborn/x']);
});

test('a submodule stays what it was', async () => {
  userGit(on.base, 'init', '--quiet', 'inner');
  userGit(join(on.base, 'inner'), 'commit', '--quiet', '--allow-empty', '-m', 'first');
  on.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', join(on.base, 'inner'), 'inner');
  on.commitAll('with a submodule');
  const work = await on.begin();
  work.write({ 'inner/x': '1' });
  expect(await work.commit()).toBe(false);
});

test('names of any kind are committed, also those that mean something to git or are no UTF-8', async () => {
  const names = ['-f', ':(top)x', ':(wrong)x', '*', 'new\nline', 'ünï', 'quo"te'];
  const work = await on.begin();
  work.write(Object.fromEntries(names.map((name) => [name, name])));
  writeFileSync(Buffer.concat([Buffer.from(`${work.workspace}/caf`), Buffer.from([0xe9])]), 'x');
  await work.commit();
  const listed = on.git('ls-tree', '-r', '-z', '--name-only', work.repository.branch).split('\0');
  expect(listed).toEqual(expect.arrayContaining(names));
  expect(listed).toHaveLength(2 + names.length + 2);
});

test('the diff holds what is committed and what is not, and leaves no trace', async () => {
  const work = await on.begin();
  work.write({ a: 'mine\n' });
  await work.commit();
  work.write({ 'folder/new': 'not committed\n', binary: Buffer.from([0, 1, 2]) });
  const status = userGit(work.workspace, 'status', '--porcelain');
  const diff = await work.diff();
  expect(diff).toContain('--- a/a\n+++ b/a\n@@ -1 +1 @@\n-one\n+mine\n');
  expect(diff).toContain('--- /dev/null\n+++ b/folder/new\n');
  expect(diff).toContain('Binary files /dev/null and b/binary differ');
  expect(userGit(work.workspace, 'status', '--porcelain')).toBe(status);
  rmSync(work.workspace, { recursive: true });
  expect(await work.diff()).toContain('+mine');
});

test('what is changed within the second of a commit, and looked at in the next one, is in the diff', async () => {
  const second = () => Math.floor(Date.now() / 1000);
  const work = await on.begin();
  let begun: number;
  do {
    begun = second();
    work.write({ a: `${begun}\n` });
    await work.commit();
    work.write({ a: 'younger999\n' });
  } while (second() !== begun);
  const changed = readFileSync(join(work.workspace, 'a'), 'utf8').trim();
  await until(second, (now) => now > begun, 5000);
  expect(await work.diff()).toContain(`+${changed}`);
});

test('a diff before anything was made says that there is no branch', async () => {
  const planned = await on.worktrees.plan(on.path, newTaskId());
  if (!('workspace' in planned)) throw new Error(planned.problem);
  await expect(on.worktrees.diff(planned.workspace, planned.repository)).rejects.toThrow('there is no branch spiral/');
});

test('only a worktree of ours, and only its own branch, can be discarded', async () => {
  const work = await on.begin();
  on.git('branch', 'precious');
  const { discard } = on.worktrees;
  const repository = { ...work.repository, branch: 'precious' };
  await expect(discard(work.workspace, repository)).rejects.toThrow("is no worktree of Spiral's");
  for (const folder of [on.path, on.stateRoot, join(on.stateRoot, 'worktrees'), `${work.workspace}/../../x`]) {
    await expect(discard(folder, work.repository)).rejects.toThrow("is no worktree of Spiral's");
  }
  const other = await on.begin();
  await expect(discard(other.workspace, work.repository)).rejects.toThrow("is no worktree of Spiral's");
  expect(readFileSync(join(on.path, 'a'), 'utf8')).toBe('one\n');
  expect(on.git('branch', '--list', 'precious')).toBe('precious');
  expect(existsSync(join(other.workspace, 'a'))).toBe(true);
});

test("discarding leaves the user's own worktrees alone, also one whose folder is not there now", async () => {
  const other = join(on.base, 'unmounted');
  on.git('worktree', 'add', '--quiet', '-b', 'other', other);
  rmSync(other, { recursive: true });
  const work = await on.begin();
  await work.discard();
  expect(on.git('worktree', 'list')).toContain('unmounted');
});

test('a branch that the user has checked out is not discarded', async () => {
  const work = await on.begin();
  on.git('checkout', '--quiet', '--ignore-other-worktrees', work.repository.branch);
  await expect(work.discard()).rejects.toThrow(`${on.path} has the branch spiral/${work.task} checked out`);
  on.git('switch', '--quiet', 'main');
  await work.discard();
});

test('when the repository is gone the worktree can still be discarded, and the rest says so', async () => {
  const work = await on.begin();
  rmSync(on.path, { recursive: true });
  await expect(work.commit()).rejects.toMatchObject({
    name: 'WorkspaceError',
    message: `the repository ${on.path} is gone`,
  });
  await work.discard();
  expect(readdirSync(join(on.stateRoot, 'worktrees'))).toEqual([]);
});

test('work is done for a linked worktree of the user and for a shallow clone as for any other', async () => {
  const linked = join(on.base, 'linked');
  on.git('worktree', 'add', '--quiet', '-b', 'other', linked);
  userGit(on.base, 'clone', '--quiet', '--depth=1', `file://${on.path}`, 'shallow');
  for (const path of [linked, join(on.base, 'shallow')]) {
    const task = newTaskId();
    const planned = await on.worktrees.plan(path, task);
    if (!('workspace' in planned)) throw new Error(planned.problem);
    const work = new Work(on, task, planned.workspace, planned.repository);
    await work.make();
    work.write({ a: 'mine\n' });
    await work.commit();
    expect(await work.diff()).toContain('+mine');
    expect(await work.merge()).toMatchObject({ kind: 'merged', into: path === linked ? 'other' : 'main' });
    expect(on.read('a', path)).toBe('mine\n');
    expect(userGit(path, 'status', '--porcelain')).toBe('');
    await work.discard();
  }
  expect(on.read('a')).toBe('one\n');
});
