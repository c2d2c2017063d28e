import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { branchOf, moveBranch } from '../../../src/workspace/histories/branch.ts';
import { ProjectOnDisk } from './histories-on-disk.ts';
import { newTaskId } from './repositories-on-disk.ts';
import { userGit } from './workspaces-on-disk.ts';

let project: ProjectOnDisk;

beforeEach(() => {
  project = new ProjectOnDisk();
});

afterEach(() => project.leave());

/** What a person sees in a history that is in order. */
function expectInOrder(): void {
  expect(project.git('status', '--porcelain')).toBe('');
  expect(project.git('fsck', '--full', '--strict')).toBe('');
}

test('each phase becomes a commit that a person can look at with their own git', async () => {
  expect(await project.begin()).toBe('ours');
  project.write({ 'a.ts': 'one\n', 'folder/b.ts': 'two\n' });
  const first = await project.commit('Phase 1: begin');
  project.write({ 'a.ts': 'changed\n', 'new.ts': 'three\n' });
  rmSync(join(project.path, 'folder'), { recursive: true });
  const second = await project.commit('Phase 2: go on\n\nWith a body.');
  expect(project.log()).toEqual(['Phase 2: go on', 'Phase 1: begin']);
  expect(project.git('log', '--format=%H')).toBe(`${second}\n${first}`);
  expect(project.git('log', '-1', '--format=%an <%ae>|%cn|%b')).toBe('Spiral <spiral@localhost>|Spiral|With a body.');
  expect(project.git('symbolic-ref', 'HEAD')).toBe('refs/heads/main');
  expect(project.git('ls-tree', '-r', '--name-only', 'HEAD')).toBe('a.ts\nnew.ts');
  expect(project.git('show', 'HEAD:a.ts')).toBe('changed');
  expectInOrder();
});

test('a folder that holds something is a person’s own and stays as it is', async () => {
  project.write({ 'notes.txt': 'mine' });
  expect(await project.begin()).toBe('not-ours');
  expect(readdirSync(project.path)).toEqual(['notes.txt']);
  await expect(project.commit('no')).rejects.toMatchObject({ name: 'WorkspaceError' });
  expect(readdirSync(project.path)).toEqual(['notes.txt']);
});

test('an empty repository of a person is theirs', async () => {
  project.git('init', '--quiet');
  expect(await project.begin()).toBe('not-ours');
});

test('what the sandbox of Claude Code leaves in a folder counts as nothing, a file that says nothing else does not', async () => {
  project.write({ '.bashrc': '', '.claude/settings.json': '' });
  mkdirSync(join(project.path, '.claude/.cc-writes'));
  expect(await project.begin()).toBe('not-ours');
  for (const name of ['.bashrc', '.claude/settings.json']) chmodSync(join(project.path, name), 0o444);
  expect(await project.begin()).toBe('ours');
});

test('a repository around the folder is not the folder’s own and is not touched', async () => {
  userGit(project.base, 'init', '--quiet');
  writeFileSync(join(project.base, 'mine'), 'x');
  userGit(project.base, 'add', 'mine');
  userGit(project.base, 'commit', '--quiet', '-m', 'a person’s');
  expect(await project.begin()).toBe('ours');
  project.write({ a: 'x' });
  await project.commit('ours');
  expect(userGit(project.base, 'log', '--format=%s').trim()).toBe('a person’s');
  expect(project.log()).toEqual(['ours']);
});

test('a later project goes on with the history that an earlier one began', async () => {
  await project.begin();
  project.write({ a: 'x' });
  await project.commit('first');
  expect(await project.begin()).toBe('ours');
  project.write({ a: 'y' });
  await project.commit('second');
  expect(project.log()).toEqual(['second', 'first']);
});

test('nothing that changed is no commit, also at the very beginning', async () => {
  await project.begin();
  expect(await project.commit('empty')).toBeUndefined();
  project.write({ a: 'x' });
  await project.commit('once');
  expect(await project.commit('twice')).toBeUndefined();
  expect(project.log()).toEqual(['once']);
  expectInOrder();
});

test('what was committed before is found again by its message, for whoever was killed before they noted it', async () => {
  await project.begin();
  project.write({ a: 'x' });
  const state = await project.remember();
  const attempt = (number: number) => `Counting\n\nA goal.\n\nSpiral-Project: k3v9\nSpiral-Attempt: ${number}\n`;
  const commit = (message: string) => project.histories.commit(project.path, project.task, state, message);
  const first = await commit(attempt(1));
  expect(first).toMatch(/^[0-9a-f]{40}$/);
  expect(await commit(attempt(1))).toBe(first);
  expect(await commit(attempt(2))).toBeUndefined();
  expect(project.log()).toEqual(['Counting']);
  expect(project.git('log', '--format=%(trailers:key=Spiral-Project,valueonly)').trim()).toBe('k3v9');
  expectInOrder();
});

test('the remembered state is committed, not what was written since', async () => {
  await project.begin();
  project.write({ a: 'remembered\n' });
  const state = await project.remember();
  project.write({ a: 'later\n' });
  await project.histories.commit(project.path, project.task, state, 'first');
  expect(project.git('show', 'HEAD:a')).toBe('remembered');
  expect(project.git('status', '--porcelain')).toBe('M a');
  expect(readFileSync(join(project.path, 'a'), 'utf8')).toBe('later\n');
});

test('a state that nobody remembered is told', async () => {
  await project.begin();
  const asked = project.histories.commit(project.path, newTaskId(), 'never', 'x');
  await expect(asked).rejects.toThrow('no state never');
});

test('what the project ignores and what package managers fetch stays out, and status does not tell of it', async () => {
  await project.begin();
  project.write({ '.gitignore': 'dist/\n', 'dist/x.js': '1', 'node_modules/p/index.js': '1', 'a.ts': 'x' });
  await project.commit('first');
  expect(project.git('ls-tree', '-r', '--name-only', 'HEAD')).toBe('.gitignore\na.ts');
  expectInOrder();
});

test('files of any kind are committed byte by byte and seen as unchanged', async () => {
  await project.begin();
  project.write({
    '.gitattributes': '* text eol=crlf ident filter=lfs\n',
    '.gitmodules': '[submodule "x"]\n\tpath = -x\n\turl = --upload-pack=x\n',
    'lines.txt': 'one\r\ntwo\n$Id$\n',
    'binary.bin': Buffer.from([0, 0xff, 13, 10]),
    'tests/ünï cödé.test.ts': 'x',
    'git~1': 'x',
    'a\\b': 'x',
    'new\nline': 'x',
    'inner/file': 'x',
  });
  chmodSync(join(project.path, 'lines.txt'), 0o755);
  symlinkSync('lines.txt', join(project.path, 'link'));
  userGit(join(project.path, 'inner'), 'init', '--quiet');
  await project.commit('all kinds');
  expect(project.git('status', '--porcelain')).toBe('');
  expect(project.git('cat-file', '-p', 'HEAD:lines.txt')).toBe('one\r\ntwo\n$Id$');
  expect(project.git('ls-tree', '-r', '--name-only', '-z', 'HEAD').split('\0')).toContain('inner/file');
});

test('commits of the agent stay, on the branch that it went to; ours come on top', async () => {
  await project.begin();
  project.write({ a: 'one\n' });
  await project.commit('phase 1');
  project.git('switch', '--quiet', '--create', 'feature/login');
  project.write({ b: 'two\n' });
  project.git('add', '.');
  project.git('commit', '--quiet', '-m', 'by the agent');
  project.write({ c: 'three\n' });
  await project.commit('phase 2');
  expect(project.log()).toEqual(['phase 2', 'by the agent', 'phase 1']);
  expect(project.git('symbolic-ref', 'HEAD')).toBe('refs/heads/feature/login');
  expectInOrder();
});

test('work that the agent committed wholly needs no commit of ours', async () => {
  await project.begin();
  project.write({ a: 'one\n' });
  project.git('add', '.');
  project.git('commit', '--quiet', '-m', 'by the agent');
  expect(await project.commit('phase 1')).toBeUndefined();
  expect(project.log()).toEqual(['by the agent']);
  expectInOrder();
});

test('git may tidy up between two phases', async () => {
  await project.begin();
  project.write({ a: 'one\n', 'folder/b': 'two\n' });
  await project.commit('phase 1');
  project.git('gc', '--quiet', '--prune=now');
  project.git('pack-refs', '--all');
  project.git('commit-graph', 'write', '--reachable');
  project.write({ a: 'changed\n' });
  await project.commit('phase 2');
  expect(project.log()).toEqual(['phase 2', 'phase 1']);
  expectInOrder();
});

test('what stays the same is not stored again', async () => {
  await project.begin();
  project.write({
    'big.bin': Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * index * 7919) % 251)),
    a: '1',
  });
  await project.commit('phase 1');
  project.write({ a: '2' });
  await project.commit('phase 2');
  const count = project.git('count-objects', '-v');
  // Two commits, two trees, two contents of a, and one of the big file.
  expect(count).toContain('in-pack: 7');
});

test('a beginning that a kill left half made is made to its end', async () => {
  await project.begin();
  rmSync(join(project.gitFolder, 'config'));
  rmSync(join(project.gitFolder, 'refs'), { recursive: true });
  writeFileSync(join(project.gitFolder, 'config.new'), '[co');
  expect(await project.begin()).toBe('ours');
  project.write({ a: 'x' });
  await project.commit('first');
  expectInOrder();
});

test('what a kill left behind in the middle of a commit stops nobody', async () => {
  await project.begin();
  project.write({ a: 'one\n' });
  await project.commit('phase 1');
  const index = readFileSync(join(project.gitFolder, 'index'));
  project.write({ a: 'two\n', b: 'new\n' });
  const state = await project.remember();
  const commit = await project.histories.commit(project.path, project.task, state, 'phase 2');
  // After the branch had moved, before the index followed.
  writeFileSync(join(project.gitFolder, 'index'), index);
  expect(project.git('status', '--porcelain')).not.toBe('');
  for (const lock of ['index.lock', 'refs/heads/main.lock']) writeFileSync(join(project.gitFolder, lock), '');
  const [folder = ''] = readdirSync(join(project.base, 'state/histories'));
  mkdirSync(join(project.base, 'state/histories', folder, 'work/repository.git'), { recursive: true });
  writeFileSync(join(project.base, 'state/histories', folder, 'work/repository.git/config.lock'), '');
  expect(await project.histories.commit(project.path, project.task, state, 'phase 2')).toBe(commit);
  expectInOrder();
  project.write({ a: 'three\n' });
  project.git('add', '.');
  await project.commit('phase 3');
  expect(project.log()).toEqual(['phase 3', 'phase 2', 'phase 1']);
  expectInOrder();
});

test('a repository that looks like ours somewhere else, or another one in its place, is not ours', async () => {
  await project.begin();
  const other = join(project.base, 'other');
  mkdirSync(other);
  cpSync(project.gitFolder, join(other, '.git'), { recursive: true });
  expect(await project.histories.begin(other)).toBe('not-ours');
  rmSync(project.gitFolder, { recursive: true });
  project.git('init', '--quiet');
  project.git('config', 'spiral.project', 'true');
  expect(await project.begin()).toBe('not-ours');
  await expect(project.commit('no')).rejects.toThrow('is not the repository that Spiral began there');
  expect(existsSync(join(project.gitFolder, 'refs/heads/main'))).toBe(false);
});

test('a commit that somebody makes at the same moment is not lost', async () => {
  await project.begin();
  project.write({ a: 'x' });
  await project.commit('first');
  const read = await branchOf(project.gitFolder);
  project.git('commit', '--quiet', '--allow-empty', '-m', 'by a person meanwhile');
  await expect(moveBranch(project.gitFolder, read, read.tip ?? '')).rejects.toThrow('moved by somebody else');
  expect(project.log()).toEqual(['by a person meanwhile', 'first']);
  expectInOrder();
});
