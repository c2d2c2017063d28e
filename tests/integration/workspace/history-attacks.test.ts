import { execFileSync } from 'node:child_process';
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
import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ProjectOnDisk } from './histories-on-disk.ts';
import { userGit } from './workspaces-on-disk.ts';

let project: ProjectOnDisk;
/** Programs that are planted touch it. */
let ran: string;
/** What lies outside of the workspace and must stay as it is. */
let outside: string;

beforeEach(async () => {
  project = new ProjectOnDisk();
  ran = join(project.base, 'ran');
  outside = join(project.base, 'outside');
  mkdirSync(ran);
  mkdirSync(outside);
  await project.begin();
  project.write({ a: 'one\n', 'folder/b': 'two\n' });
  await project.commit('phase 1');
  project.write({ a: 'two\n' });
});

afterEach(() => project.leave());

function trap(name: string): string {
  const path = join(project.base, `trap-${name}`);
  writeFileSync(path, `#!/bin/sh\ntouch ${ran}/${name}\ncat\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Every program that git would run for this configuration. */
function programs(): string {
  return `
[core]
	fsmonitor = ${trap('fsmonitor')}
	sshCommand = ${trap('ssh')}
	editor = ${trap('editor')}
	pager = ${trap('pager')}
	alternateRefsCommand = ${trap('alternate-refs')}
[filter "planted"]
	clean = ${trap('clean')}
	smudge = ${trap('smudge')}
	required = true
[diff]
	external = ${trap('external-diff')}
[gpg]
	program = ${trap('gpg')}
[commit]
	gpgSign = true
[alias]
	fsck = !${trap('alias')}
	commit-tree = !${trap('alias')}
[hook "planted"]
	command = ${trap('configured-hook')}
	event = reference-transaction
`;
}

/** The commit is refused in one line with a cure, no branch moved, and no file of the work was touched. */
async function expectRefused(reason: string | RegExp): Promise<void> {
  const files = [readFileSync(join(project.path, 'a'), 'utf8'), readdirSync(project.path).toSorted()];
  const before = everythingIn(outside);
  const refusal = await project.commit('phase 2').catch((error: unknown) => error);
  expect(refusal).toMatchObject({ name: 'WorkspaceError', cure: expect.any(String) });
  expect(String(refusal)).toMatch(reason);
  expect(String(refusal)).not.toContain('\n');
  expect([readFileSync(join(project.path, 'a'), 'utf8'), readdirSync(project.path).toSorted()]).toEqual(files);
  expect(everythingIn(outside)).toEqual(before);
}

function everythingIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((path) => {
      const size = existsSync(path) ? execFileSync('stat', ['-c', '%s %Y %a', path], { encoding: 'utf8' }) : '';
      return `${path} ${size}`;
    });
}

/** Moves a part of the repository outside and leaves a link to it. */
function replaceWithLink(name: string): void {
  const target = join(outside, name.replaceAll('/', '-'));
  renameSync(join(project.gitFolder, name), target);
  symlinkSync(target, join(project.gitFolder, name));
}

test('no program is run that is planted in the repository, while a plain git would run it', async () => {
  appendFileSync(join(project.gitFolder, 'config'), programs());
  project.write({ '.gitattributes': '* filter=planted\n' });
  rmSync(join(project.gitFolder, 'info/attributes'));
  mkdirSync(join(project.gitFolder, 'hooks'));
  for (const hook of ['pre-commit', 'post-commit', 'reference-transaction', 'post-index-change', 'pre-auto-gc']) {
    writeFileSync(join(project.gitFolder, 'hooks', hook), `#!/bin/sh\ntouch ${ran}/hook-${hook}\n`);
    chmodSync(join(project.gitFolder, 'hooks', hook), 0o755);
  }
  expect(await project.commit('phase 2')).toMatch(/^[0-9a-f]{40}$/);
  expect(readdirSync(ran)).toEqual([]);
  project.write({ a: 'three\n' });
  project.git('add', '.');
  expect(readdirSync(ran)).toContain('clean');
});

test('where the configuration says that the work lies, and what it includes, does not matter', async () => {
  const pipe = join(outside, 'pipe');
  execFileSync('mkfifo', [pipe]);
  writeFileSync(join(outside, 'a'), 'not of the project\n');
  appendFileSync(
    join(project.gitFolder, 'config'),
    `[core]\n\tworktree = ${outside}\n\tbare = true\n[include]\n\tpath = ${pipe}\n`,
  );
  const before = everythingIn(outside);
  expect(await project.commit('phase 2')).toMatch(/^[0-9a-f]{40}$/);
  expect(everythingIn(outside)).toEqual(before);
});

test('a .git that is a link or a file leads nowhere', async () => {
  const other = join(outside, 'repository');
  mkdirSync(other);
  userGit(other, 'init', '--quiet');
  writeFileSync(join(other, 'mine'), 'x');
  userGit(other, 'add', '.');
  userGit(other, 'commit', '--quiet', '-m', 'a person’s');
  const config = readFileSync(join(project.gitFolder, 'config'));
  rmSync(project.gitFolder, { recursive: true });
  // With the mark in it, so that only the link stands in the way.
  writeFileSync(join(other, '.git/config'), config);
  symlinkSync(join(other, '.git'), project.gitFolder);
  await expectRefused('not the repository');
  rmSync(project.gitFolder);
  writeFileSync(project.gitFolder, `gitdir: ${other}/.git\n`);
  await expectRefused('not the repository');
  expect(userGit(other, 'log', '--format=%s').trim()).toBe('a person’s');
});

test.each(['objects', 'objects/pack', 'refs', 'refs/heads', 'refs/heads/main', 'HEAD', 'config'])(
  'a link in the place of %s is not followed',
  async (name) => {
    replaceWithLink(name);
    await expectRefused(/is no |names no |not the repository/);
  },
);

test('objects behind a link are not even read', async () => {
  project.write({ a: 'one\n' });
  replaceWithLink('objects');
  await expectRefused('objects is no folder of its own');
});

test('a link in the place of the index is replaced and what it leads to stays', async () => {
  writeFileSync(join(outside, 'precious'), 'x');
  rmSync(join(project.gitFolder, 'index'));
  symlinkSync(join(outside, 'precious'), join(project.gitFolder, 'index'));
  await project.commit('phase 2');
  expect(readFileSync(join(outside, 'precious'), 'utf8')).toBe('x');
  expect(project.git('status', '--porcelain')).toBe('');
});

test('links in the place of locks are deleted and what they lead to stays', async () => {
  writeFileSync(join(outside, 'precious'), 'x');
  for (const lock of ['index.lock', 'refs/heads/main.lock'])
    symlinkSync(join(outside, 'precious'), join(project.gitFolder, lock));
  await project.commit('phase 2');
  expect(readFileSync(join(outside, 'precious'), 'utf8')).toBe('x');
  expect(project.log()).toEqual(['phase 2', 'phase 1']);
});

test('packed references behind a link are not read', async () => {
  project.git('pack-refs', '--all');
  replaceWithLink('packed-refs');
  await expectRefused('packed-refs cannot be read');
});

test.each(['HEAD', 'config', 'packed-refs', 'refs/heads/main', 'objects/aa'])(
  'a pipe in the place of %s holds nobody',
  async (name) => {
    if (name === 'packed-refs') project.git('pack-refs', '--all');
    rmSync(join(project.gitFolder, name), { force: true, recursive: true });
    execFileSync('mkfifo', [join(project.gitFolder, name)]);
    await expectRefused(/cannot be read|names no |not the repository|no plain file/);
  },
);

test('objects of other repositories are not borrowed', async () => {
  const other = join(outside, 'repository');
  mkdirSync(other);
  userGit(other, 'init', '--quiet');
  writeFileSync(join(project.gitFolder, 'objects/info/alternates'), `${other}/.git/objects\n`);
  await expectRefused('borrows objects');
});

test('an object that is not what its name says is found before the branch moves', async () => {
  const blob = execFileSync('git', ['hash-object', '--stdin'], { input: 'two\n', encoding: 'utf8' }).trim();
  const lie = Buffer.from('three\n');
  const folder = join(project.gitFolder, 'objects', blob.slice(0, 2));
  mkdirSync(folder, { recursive: true });
  const content = deflateSync(Buffer.concat([Buffer.from(`blob ${lie.length}\0`), lie]));
  for (const packed of readdirSync(join(project.gitFolder, 'objects/pack')))
    rmSync(join(project.gitFolder, 'objects/pack', packed), { force: true });
  writeFileSync(join(folder, blob.slice(2)), content);
  const tip = readFileSync(join(project.gitFolder, 'refs/heads/main'), 'utf8');
  await expectRefused(/is broken|has no commit/);
  expect(readFileSync(join(project.gitFolder, 'refs/heads/main'), 'utf8')).toBe(tip);
});

test('a lie about one object alone is found as well', async () => {
  const lie = Buffer.from('a lie\n');
  const blob = execFileSync('git', ['hash-object', '--stdin'], { input: 'two of them\n', encoding: 'utf8' }).trim();
  const folder = join(project.gitFolder, 'objects', blob.slice(0, 2));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, blob.slice(2)), deflateSync(Buffer.concat([Buffer.from(`blob ${lie.length}\0`), lie])));
  project.write({ a: 'two of them\n' });
  const tip = project.git('rev-parse', 'HEAD');
  await expectRefused('is broken');
  expect(project.git('rev-parse', 'HEAD')).toBe(tip);
});

test('a history of which a part is gone gets no more commits', async () => {
  const packs = join(project.gitFolder, 'objects/pack');
  for (const name of readdirSync(packs)) rmSync(join(packs, name), { force: true });
  await expectRefused('has no commit');
});

test.each([
  ['a branch outside', 'ref: refs/heads/../../../outside/planted\n', 'names no branch'],
  ['a hidden part', 'ref: refs/heads/.git/x\n', 'names no branch'],
  ['something else', 'ref: refs/remotes/x/y\n', 'names no branch'],
  ['an option', 'ref: --upload-pack=x\n', 'names no branch'],
  ['two lines', 'ref: refs/heads/x\ny\n', 'names no branch'],
  ['no branch at all', `${'0'.repeat(40)}\n`, 'no branch checked out'],
  ['nothing', '', 'names no branch'],
])('a HEAD that names %s is refused', async (_what, head, reason) => {
  writeFileSync(join(project.gitFolder, 'HEAD'), head);
  await expectRefused(reason);
});

test('a branch that names another is not followed', async () => {
  writeFileSync(join(project.gitFolder, 'refs/heads/main'), 'ref: refs/heads/other\n');
  await expectRefused('names no commit');
});

test('a branch that names a file’s content is refused', async () => {
  writeFileSync(join(project.gitFolder, 'refs/heads/main'), `${project.git('rev-parse', 'HEAD:a')}\n`);
  await expectRefused('has no commit');
});

test('a repository that keeps its objects or branches in another way is refused', async () => {
  appendFileSync(join(project.gitFolder, 'config'), '[extensions]\n\tobjectFormat = sha256\n');
  await expectRefused('extensions.objectformat');
});

test('folders where files belong, and a repository that nobody may write, are told in a line', async () => {
  rmSync(join(project.gitFolder, 'index'));
  mkdirSync(join(project.gitFolder, 'index/x'), { recursive: true });
  await expectRefused('cannot be written');
  rmSync(join(project.gitFolder, 'index'), { recursive: true });
  rmSync(join(project.gitFolder, 'refs/heads/main'));
  mkdirSync(join(project.gitFolder, 'refs/heads/main'));
  await expectRefused('is a folder');
});

test('an agent cannot make a person’s repository look like ours', async () => {
  const theirs = join(project.base, 'theirs');
  mkdirSync(theirs);
  userGit(theirs, 'init', '--quiet');
  userGit(theirs, 'config', 'spiral.project', project.git('config', 'spiral.project'));
  expect(await project.histories.begin(theirs)).toBe('not-ours');
  await expect(project.histories.commit(theirs, project.task, 'state-0', 'x')).rejects.toThrow('not the repository');
  expect(userGit(theirs, 'count-objects').trim()).toBe('0 objects, 0 kilobytes');
});

test('a link in the place of .git is no beginning', async () => {
  rmSync(project.path, { recursive: true });
  mkdirSync(project.path);
  symlinkSync(outside, project.gitFolder);
  expect(await project.begin()).toBe('not-ours');
  expect(readdirSync(outside)).toEqual([]);
});
