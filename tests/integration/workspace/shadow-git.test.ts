import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeSnapshot } from '../../../src/workspace/shadow-git/repository.ts';
import { newWorkspace, userGit, type Workspace } from './workspaces-on-disk.ts';

let workspace: Workspace;

beforeEach(() => {
  workspace = newWorkspace();
});

afterEach(() => workspace.leave());

/** The changes that the work makes. */
async function changesOf(work: () => void): Promise<string[]> {
  await workspace.remember('before');
  work();
  await workspace.remember('after');
  return workspace.changes('before', 'after');
}

test('files that are created, modified, deleted and renamed are told; a rename is a deletion and a creation', async () => {
  workspace.write({ kept: 'same', modified: 'one', deleted: 'x', old: 'moved' });
  const changes = await changesOf(() => {
    workspace.write({ created: 'new', 'deep/er/created': 'new', modified: 'two' });
    workspace.remove('deleted');
    renameSync(join(workspace.path, 'old'), join(workspace.path, 'new'));
  });
  expect(changes).toEqual([
    'created: created',
    'deep/er/created: created',
    'deleted: deleted',
    'modified: modified',
    'new: created',
    'old: deleted',
  ]);
});

test('an empty workspace that stays empty has no changes', async () => {
  expect(await changesOf(() => mkdirSync(join(workspace.path, 'empty')))).toEqual([]);
});

test('a new mode, another target of a link, and a file in the place of a link are modifications', async () => {
  workspace.write({ script: 'x', target: 'y' });
  symlinkSync('target', join(workspace.path, 'link'));
  symlinkSync('nowhere', join(workspace.path, 'other'));
  const changes = await changesOf(() => {
    chmodSync(join(workspace.path, 'script'), 0o755);
    workspace.remove('link', 'other');
    symlinkSync('script', join(workspace.path, 'link'));
    workspace.write({ other: 'now a file' });
  });
  expect(changes).toEqual(['link: modified', 'other: modified', 'script: modified']);
});

test('a file may become a folder and a folder a file or a link', async () => {
  workspace.write({ a: 'file', 'b/x': 'in a folder', 'c/x': 'in a folder', 'elsewhere/x': 'y' });
  const changes = await changesOf(() => {
    workspace.remove('a', 'b', 'c');
    workspace.write({ 'a/x': 'in a folder', b: 'file' });
    symlinkSync('elsewhere', join(workspace.path, 'c'));
  });
  expect(changes.toSorted()).toEqual([
    'a/x: created',
    'a: deleted',
    'b/x: deleted',
    'b: created',
    'c/x: deleted',
    'c: created',
  ]);
});

test('bytes are compared as they are: binary files, line ends, and whatever .gitattributes says', async () => {
  const ran = join(workspace.path, '..', 'filter-ran');
  workspace.write({
    '.gitattributes': '* text=auto eol=crlf ident working-tree-encoding=UTF-16\n*.secret filter=run\n',
    binary: Buffer.from([0, 1, 2, 0xff]),
    lines: 'one\r\ntwo\r\n',
    'a.secret': `$Id$`,
  });
  mkdirSync(join(workspace.path, '.git'));
  writeFileSync(join(workspace.path, '.git/config'), `[filter "run"]\n\tclean = touch ${ran}\n\trequired = true\n`);
  const changes = await changesOf(() =>
    workspace.write({ binary: Buffer.from([0, 1, 3, 0xff]), lines: 'one\ntwo\n', 'a.secret': '$Id: x $' }),
  );
  expect(changes).toEqual(['a.secret: modified', 'binary: modified', 'lines: modified']);
  expect(existsSync(ran)).toBe(false);
});

test('a change that keeps size and time is seen', async () => {
  workspace.write({ a: '11111' });
  const { atime, mtime } = statSync(join(workspace.path, 'a'));
  const changes = await changesOf(() => {
    workspace.write({ a: '22222' });
    utimesSync(join(workspace.path, 'a'), atime, mtime);
  });
  expect(changes).toEqual(['a: modified']);
});

test('names of any kind are told as they are', async () => {
  const names = [
    '-f',
    '--help',
    ' leading',
    'new\nline',
    'quo"te',
    "apo'strophe",
    'tab\there',
    'ünï/cödé',
    '日本',
    'git~1',
    'a\\b',
  ];
  const changes = await changesOf(() => workspace.write(Object.fromEntries(names.map((name) => [name, name]))));
  expect(changes.toSorted()).toEqual(names.map((name) => `${name}: created`).toSorted());
  await workspace.remember('full');
  workspace.remove(...names);
  await workspace.remember('empty');
  expect((await workspace.changes('full', 'empty')).toSorted()).toEqual(
    names.map((name) => `${name}: deleted`).toSorted(),
  );
});

test('files whose names are no UTF-8 are remembered and told', async () => {
  const strange = Buffer.concat([Buffer.from(`${workspace.path}/caf`), Buffer.from([0xe9])]);
  expect(await changesOf(() => writeFileSync(strange, 'one'))).toEqual(['caf\\xE9: created']);
  writeFileSync(strange, 'two');
  await workspace.remember('later');
  expect(await workspace.changes('after', 'later')).toEqual(['caf\\xE9: modified']);
  rmSync(strange);
  await workspace.remember('last');
  expect(await workspace.changes('later', 'last')).toEqual(['caf\\xE9: deleted']);
});

test('a name that is taken keeps what it has', async () => {
  workspace.write({ a: 'one' });
  await workspace.remember('before');
  workspace.write({ a: 'two' });
  await workspace.remember('before');
  await workspace.remember('after');
  expect(await workspace.changes('before', 'after')).toEqual(['a: modified']);
});

test('states of two tasks do not mix', async () => {
  const other = newWorkspace();
  workspace.write({ a: 'one' });
  await workspace.remember('before');
  workspace.write({ a: 'two' });
  await takeSnapshot(workspace.shadow, workspace.path, other.task, 'before');
  await workspace.remember('after');
  expect(await workspace.changes('before', 'after')).toEqual(['a: modified']);
  other.leave();
});

test('what a kill or a power cut leaves behind stops nobody', async () => {
  workspace.write({ a: 'one' });
  await workspace.remember('before');
  const folder = workspace.shadowFolder();
  for (const lock of ['index.lock', 'config.lock', 'HEAD.lock']) writeFileSync(join(folder, lock), '');
  mkdirSync(join(folder, `refs/spiral/${workspace.task}`), { recursive: true });
  writeFileSync(join(folder, `refs/spiral/${workspace.task}/after.lock`), '');
  writeFileSync(join(folder, 'index'), 'cut off');
  rmSync(join(folder, 'info'), { recursive: true });
  workspace.write({ a: 'two' });
  await workspace.remember('after');
  expect(await workspace.changes('before', 'after')).toEqual(['a: modified']);
});

test("the user's repository is not touched, whatever state it is in", async () => {
  userGit(workspace.path, 'init', '--quiet');
  workspace.write({ a: 'one' });
  expect(await changesOf(() => workspace.write({ b: 'in an unborn repository' }))).toEqual(['b: created']);
  userGit(workspace.path, 'add', 'a');
  userGit(workspace.path, 'commit', '--quiet', '-m', 'first');
  workspace.write({ a: 'two' });
  const seen = () => [
    userGit(workspace.path, '--no-optional-locks', 'status', '--porcelain=v2', '--branch'),
    userGit(workspace.path, 'for-each-ref'),
    readFileSync(join(workspace.path, '.git/index')).toString('base64'),
    readFileSync(join(workspace.path, '.git/config'), 'utf8'),
    readdirSync(join(workspace.path, '.git'), { recursive: true }).toSorted().join('\n'),
  ];
  const before = seen();
  await workspace.remember('committed');
  await workspace.changes('after', 'committed');
  expect(seen()).toEqual(before);
});

test('files of a repository inside the workspace are told one by one', async () => {
  workspace.write({ 'sub/a': 'one' });
  userGit(join(workspace.path, 'sub'), 'init', '--quiet');
  userGit(join(workspace.path, 'sub'), 'add', '.');
  userGit(join(workspace.path, 'sub'), 'commit', '--quiet', '-m', 'first');
  expect(await changesOf(() => workspace.write({ 'sub/a': 'two', 'sub/b': 'new' }))).toEqual([
    'sub/a: modified',
    'sub/b: created',
  ]);
});

test('a worktree, whose .git is a file, and a link named .gitmodules are no hindrance', async () => {
  workspace.write({ '.git': 'gitdir: /nowhere\n', 'sub/.git': 'gitdir: ../nowhere\n', a: 'x' });
  symlinkSync('a', join(workspace.path, '.gitmodules'));
  expect(await changesOf(() => workspace.write({ a: 'y' }))).toEqual(['a: modified']);
});

test('a rule of .gitignore that comes later does not make a file vanish', async () => {
  workspace.write({ 'data/a': '1', 'data/b': '1', 'gone/a': '1', 'real/a': '1' });
  const changes = await changesOf(() => {
    workspace.write({ '.gitignore': 'data/\ngone/\nmoved/\n', 'data/a': '2', 'data/c': 'never seen' });
    workspace.remove('gone');
  });
  expect(changes).toEqual(['.gitignore: created', 'data/a: modified', 'gone/a: deleted']);
});

test('a missing git, and a workspace that is gone, are told in a sentence', async () => {
  const without = { ...workspace.shadow, searchPath: '/nonexistent' };
  await expect(takeSnapshot(without, workspace.path, workspace.task, 'x')).rejects.toMatchObject({
    name: 'WorkspaceError',
    message: 'git could not be started',
  });
  rmSync(workspace.path, { recursive: true });
  await expect(workspace.remember('x')).rejects.toMatchObject({
    name: 'WorkspaceError',
    message: `the workspace ${workspace.path} is gone`,
  });
});

test('files that come and go while the state is remembered stop nobody', async () => {
  let over = false;
  const churn = (async () => {
    while (!over) {
      workspace.write({ 'busy/one': 'x', 'busy/two/a': 'y' });
      await new Promise((resolve) => setImmediate(resolve));
      workspace.remove('busy');
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  for (let round = 0; round < 5; round += 1) await workspace.remember(`round-${round}`);
  over = true;
  await churn;
});
