import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RepositoryOnDisk, type Work } from './repositories-on-disk.ts';
import { userGit } from './workspaces-on-disk.ts';

let on: RepositoryOnDisk;
/** Programs that are planted touch it. */
let ran: string;

beforeEach(() => {
  on = new RepositoryOnDisk();
  ran = join(on.base, 'ran');
  mkdirSync(ran);
});

afterEach(() => on.leave());

/** A program that leaves a trace and is otherwise as harmless as possible. */
function trap(name: string): string {
  const path = join(on.base, `trap-${name}`);
  writeFileSync(path, `#!/bin/sh\ntouch ${ran}/${name}\ncat\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Every program that git would run for this configuration, in a file of it. */
function plantConfiguration(file: string): void {
  const hooks = join(on.base, 'hooks');
  mkdirSync(hooks, { recursive: true });
  const names = ['post-checkout', 'pre-commit', 'post-commit', 'reference-transaction', 'post-index-change'];
  for (const hook of [...names, 'pre-merge-commit', 'post-merge', 'commit-msg', 'prepare-commit-msg', 'pre-auto-gc']) {
    writeFileSync(join(hooks, hook), `#!/bin/sh\ntouch ${ran}/hook-${hook}\n`);
    chmodSync(join(hooks, hook), 0o755);
  }
  appendFileSync(
    file,
    `
[core]
	hooksPath = ${hooks}
	fsmonitor = ${trap('fsmonitor')}
	sshCommand = ${trap('ssh')}
	editor = ${trap('editor')}
	pager = ${trap('pager')}
[diff]
	external = ${trap('external-diff')}
[diff "planted"]
	command = ${trap('diff-command')}
	textconv = ${trap('textconv')}
[filter "planted"]
	clean = ${trap('clean')}
	smudge = ${trap('smudge')}
	required = true
[filter "a=b.c"]
	process = ${trap('process')}
	required = true
[merge "planted"]
	driver = ${trap('merge-driver')} %A
[gpg]
	program = ${trap('gpg')}
[commit]
	gpgSign = true
[credential]
	helper = ${trap('credential')}
[hook "planted"]
	command = ${trap('configured-hook')}
	event = reference-transaction
[submodule]
	recurse = true
`,
  );
}

const plantedAttributes = '* filter=planted diff=planted merge=planted\nfolder/* filter=a=b.c\n';

/** Everything that we do with a worktree, while the user goes on as well. */
async function everything(work: Work): Promise<void> {
  work.write({ '.gitattributes': plantedAttributes, a: 'mine\n', 'folder/new': 'mine\n' });
  await work.commit();
  work.write({ a: 'more\n' });
  expect(await work.diff()).toContain('+more');
  expect(await work.merge()).toMatchObject({ kind: 'merged' });
  expect(on.read('a')).toBe('more\n');
  await work.discard();
}

test('no program is run that the configuration of the repository names', async () => {
  const work = await on.begin();
  plantConfiguration(join(on.path, '.git/config'));
  on.write({ 'folder/theirs': 'x\n' });
  userGit(on.path, '-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', 'add', 'folder/theirs');
  userGit(on.path, '-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', 'commit', '--quiet', '-m', 'theirs');
  await everything(await on.begin());
  await everything(work);
  expect(readdirSync(ran)).toEqual([]);
});

test('no program is run that the global configuration names', async () => {
  plantConfiguration(join(on.userHome, '.gitconfig'));
  await everything(await on.begin());
  expect(readdirSync(ran)).toEqual([]);
});

test('hooks in the repository itself are not run', async () => {
  mkdirSync(join(on.path, '.git/hooks'), { recursive: true });
  for (const hook of ['post-checkout', 'pre-commit', 'post-merge', 'reference-transaction', 'post-index-change']) {
    writeFileSync(join(on.path, '.git/hooks', hook), `#!/bin/sh\ntouch ${ran}/${hook}\n`);
    chmodSync(join(on.path, '.git/hooks', hook), 0o755);
  }
  await everything(await on.begin());
  expect(readdirSync(ran)).toEqual([]);
});

test('a conflict where a merge program is configured is a conflict, and takes nobody side', async () => {
  on.write({ '.gitattributes': 'a merge=planted\n', '.git/info/attributes': 'a merge=planted\n' });
  on.commitAll('attributes');
  const work = await on.begin();
  plantConfiguration(join(on.path, '.git/config'));
  work.write({ a: 'mine\n' });
  on.write({ a: 'theirs\n' });
  const quiet = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '-c', 'filter.planted.required=false'];
  userGit(on.path, ...quiet, 'commit', '--quiet', '-a', '-m', 'theirs');
  expect(await work.merge()).toMatchObject({ kind: 'refused', problem: expect.stringContaining('conflicts') });
  expect(readdirSync(ran)).toEqual([]);
});

test('where the .git of the worktree points to does not matter', async () => {
  const evil = join(on.base, 'evil');
  userGit(on.base, 'init', '--quiet', 'evil');
  plantConfiguration(join(evil, '.git/config'));
  const before = new Map(on.untouchable());
  const ways: readonly ((git: string) => void)[] = [
    (git) => writeFileSync(git, `gitdir: ${evil}/.git\n`),
    (git) => renameSync(evil, git),
    (git) => symlinkSync(join(on.path, '.git'), git),
    () => undefined,
  ];
  for (const way of ways) {
    const work = await on.begin();
    rmSync(join(work.workspace, '.git'));
    way(join(work.workspace, '.git'));
    work.write({ '.gitattributes': plantedAttributes, a: 'mine\n' });
    expect(await work.commit()).toBe(true);
    expect(work.committed()).toEqual(['.gitattributes', 'a', 'folder/b']);
    expect(await work.diff()).toContain('+mine');
    expect(on.untouchable()).toEqual(before);
    await work.discard();
  }
  expect(existsSync(join(on.path, '.git/HEAD'))).toBe(true);
  expect(on.untouchable()).toEqual(before);
  expect(readdirSync(ran)).toEqual([]);
});

test('a repository inside the worktree has its programs not run', async () => {
  const work = await on.begin();
  mkdirSync(join(work.workspace, 'inner'));
  userGit(join(work.workspace, 'inner'), 'init', '--quiet');
  work.write({ 'inner/x': '1' });
  userGit(join(work.workspace, 'inner'), 'add', '.');
  userGit(join(work.workspace, 'inner'), 'commit', '--quiet', '-m', 'inner');
  plantConfiguration(join(work.workspace, 'inner/.git/config'));
  await everything(work);
  expect(readdirSync(ran)).toEqual([]);
});

test('no .gitattributes hides what was done from the diff', async () => {
  const work = await on.begin();
  work.write({ '.gitattributes': '* -diff binary\n', a: 'mine\n' });
  expect(await work.diff()).toContain('-one\n+mine\n');
  await work.commit();
  expect(await work.diff()).toContain('-one\n+mine\n');
});

test('an index in which files are marked as unchanged hides nothing', async () => {
  const work = await on.begin();
  userGit(work.workspace, 'update-index', '--assume-unchanged', 'a');
  userGit(work.workspace, 'update-index', '--skip-worktree', 'folder/b');
  work.write({ a: 'mine\n', 'folder/b': 'mine\n' });
  expect(await work.diff()).toContain('b/folder/b');
  await work.commit();
  expect(on.git('diff', '--name-only', 'main', work.repository.branch)).toBe('a\nfolder/b');
});

test('commits of an agent that could reach the repository are kept, on whatever branch it went to', async () => {
  const work = await on.begin();
  work.write({ a: 'its own commit\n' });
  userGit(work.workspace, 'commit', '--quiet', '-a', '-m', 'by the agent');
  userGit(work.workspace, 'switch', '--quiet', '--create', 'elsewhere');
  work.write({ 'folder/new': 'mine\n' });
  await work.commit('by us');
  expect(on.git('log', '--format=%s', `main..${work.repository.branch}`)).toBe('by us\nby the agent');
});

test('a link in the place of the worktree is not followed', async () => {
  const work = await on.begin();
  const elsewhere = join(on.base, 'elsewhere');
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, 'precious'), 'x');
  rmSync(work.workspace, { recursive: true });
  symlinkSync(elsewhere, work.workspace);
  await expect(work.commit()).rejects.toThrow('is gone');
  await work.discard();
  expect(readFileSync(join(elsewhere, 'precious'), 'utf8')).toBe('x');
  expect(existsSync(work.workspace)).toBe(false);
});

test('links that lead out are deleted with the worktree, never what they lead to', async () => {
  const work = await on.begin();
  mkdirSync(join(on.base, 'elsewhere'));
  writeFileSync(join(on.base, 'elsewhere/precious'), 'x');
  work.write({ 'locked/x': '' });
  symlinkSync(join(on.base, 'elsewhere'), join(work.workspace, 'locked/link'));
  chmodSync(join(work.workspace, 'locked'), 0o500);
  await work.discard();
  expect(readFileSync(join(on.base, 'elsewhere/precious'), 'utf8')).toBe('x');
});
