import { chmodSync, existsSync, mkdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWorktrees } from '../../../src/workspace/worktrees/worktrees.ts';
import { RepositoryOnDisk, type Work } from './repositories-on-disk.ts';

let on: RepositoryOnDisk;
let work: Work;

beforeEach(async () => {
  on = new RepositoryOnDisk();
  work = await on.begin();
  work.write({ a: 'mine\n', 'folder/new': 'mine\n' });
});

afterEach(() => on.leave());

/** Merging is refused for this reason, and nothing whatsoever has changed. */
async function expectRefusal(problem: string): Promise<void> {
  const before = on.untouchable();
  expect(await work.merge()).toMatchObject({ kind: 'refused', problem: expect.stringContaining(problem) });
  expect(on.untouchable()).toEqual(before);
}

test('the work becomes a merge commit on what is checked out, committed before or not', async () => {
  await work.commit('the work');
  const head = on.git('rev-parse', 'HEAD');
  const merged = await work.merge('Merge task x');
  expect(merged).toEqual({ kind: 'merged', commit: on.git('rev-parse', 'HEAD'), into: 'main' });
  expect(on.read('a')).toBe('mine\n');
  expect(on.git('status', '--porcelain')).toBe('');
  expect(on.git('log', '--format=%s|%P', '-1')).toBe(
    `Merge task x|${head} ${on.git('rev-parse', work.repository.branch)}`,
  );
  expect(await work.merge()).toEqual({ kind: 'nothing-to-merge' });

  work.write({ later: 'not committed\n' });
  expect(await work.merge('Merge the rest')).toMatchObject({ kind: 'merged' });
  expect(on.read('later')).toBe('not committed\n');
});

test('work that changed nothing is nothing to merge', async () => {
  expect(await (await on.begin()).merge()).toEqual({ kind: 'nothing-to-merge' });
});

test('what the repository did meanwhile is merged with it', async () => {
  on.write({ 'folder/b': 'theirs\n' });
  on.commitAll('theirs');
  expect(await work.merge()).toMatchObject({ kind: 'merged' });
  expect([on.read('a'), on.read('folder/b'), on.read('folder/new')]).toEqual(['mine\n', 'theirs\n', 'mine\n']);
});

test('a conflict is refused with the names of the files', async () => {
  on.write({ a: 'theirs\n' });
  on.commitAll('theirs');
  await expectRefusal('The work conflicts with what main has now: a.');
});

test.each([
  ['a change in the working tree', () => on.write({ 'folder/b': 'not committed\n' })],
  ['a staged file', () => [on.write({ other: 'x' }), on.git('add', 'other')]],
  ['a deletion', () => unlinkSync(join(on.path, 'folder/b'))],
])('%s makes the target dirty, and it is refused', async (_name, change) => {
  change();
  await expectRefusal('has changes that are not committed: ');
});

test('a file that is not in git is not overwritten, ignored or not, and others do not matter', async () => {
  on.write({ unrelated: 'x', 'folder/new': 'theirs' });
  await expectRefusal('Files of');
  writeFileSync(join(on.path, '.git/info/exclude'), 'new\n');
  await expectRefusal('folder/new');
  expect(on.read('folder/new')).toBe('theirs');
  unlinkSync(join(on.path, 'folder/new'));
  expect(await work.merge()).toMatchObject({ kind: 'merged' });
  expect(on.read('unrelated')).toBe('x');
});

test('a folder of files that are not in git is not replaced by a file', async () => {
  rmSync(join(work.workspace, 'folder'), { recursive: true });
  work.write({ folder: 'a file now\n' });
  on.write({ 'folder/notes': 'theirs' });
  await expectRefusal(on.path);
  expect(on.read('folder/notes')).toBe('theirs');
});

test('without a branch checked out, on the branch itself, and in the middle of something it is refused', async () => {
  on.git('checkout', '--quiet', '--detach');
  await expectRefusal('has no branch checked out');
  on.git('checkout', '--quiet', '--ignore-other-worktrees', work.repository.branch);
  await expectRefusal("has the work's own branch checked out");
  on.git('switch', '--quiet', 'main');
  writeFileSync(join(on.path, '.git/MERGE_HEAD'), on.git('rev-parse', 'HEAD'));
  await expectRefusal('is in the middle of a merge');
});

test('another git command that is at work is not disturbed', async () => {
  writeFileSync(join(on.path, '.git/index.lock'), '');
  await expectRefusal('Another git command is at work');
  expect(existsSync(join(on.path, '.git/index.lock'))).toBe(true);
});

test('a branch that was deleted is told', async () => {
  on.git('update-ref', '-d', `refs/heads/${work.repository.branch}`);
  await expectRefusal(`The branch ${work.repository.branch} is gone`);
});

test('whatever the user has set for merges, it is one commit or nothing', async () => {
  on.git('config', 'branch.main.mergeOptions', '--squash --no-ff --no-commit');
  on.git('config', 'merge.verifySignatures', 'true');
  on.git('config', 'merge.ff', 'false');
  on.git('config', 'merge.autoStash', 'true');
  on.git('config', 'commit.gpgSign', 'true');
  on.git('config', 'core.autocrlf', 'input');
  expect(await work.merge()).toMatchObject({ kind: 'merged' });
  expect(on.git('log', '--format=%P', '-1').split(' ')).toHaveLength(2);
  expect(on.git('status', '--porcelain')).toBe('');
});

/** Worktrees whose `git merge` finds that somebody was there a moment before it. */
function overtakenBy(command: string) {
  const folder = join(on.base, 'overtaking');
  mkdirSync(folder);
  const path = process.env['PATH'] ?? '';
  const script = `#!/bin/sh
export PATH='${path}'
case "$*" in *" merge --ff-only "*) (cd ${on.path} && unset GIT_DIR GIT_WORK_TREE && ${command}) > /dev/null 2>&1 ;; esac
exec git "$@"
`;
  writeFileSync(join(folder, 'git'), script);
  chmodSync(join(folder, 'git'), 0o755);
  return openWorktrees({ ...on.setting, environment: { PATH: folder } }).merge(
    work.workspace,
    work.repository,
    'Merge',
  );
}

test('what a person writes between our look and the merge is not lost', async () => {
  expect(await overtakenBy('echo typed > a')).toMatchObject({
    kind: 'refused',
    problem: `${on.path} has changes that are not committed: a.`,
  });
  expect(on.read('a')).toBe('typed\n');
  expect(existsSync(join(on.path, 'folder/new'))).toBe(false);
  expect(on.git('log', '--format=%s')).toBe('first');
});

test('a file that a person makes there in between is not lost', async () => {
  expect(await overtakenBy('echo typed > folder/new')).toMatchObject({ kind: 'refused' });
  expect(on.read('folder/new')).toBe('typed\n');
});

test('what a person changes elsewhere in between stays, and the work is merged', async () => {
  expect(await overtakenBy('echo typed > folder/b')).toMatchObject({ kind: 'merged' });
  expect(on.read('folder/b')).toBe('typed\n');
  expect(on.git('status', '--porcelain')).toBe('M folder/b');
});

test('what a person commits in between is not lost', async () => {
  const commit = 'git -c user.name=x -c user.email=x commit --quiet --allow-empty -m theirs';
  expect(await overtakenBy(commit)).toMatchObject({
    kind: 'refused',
    problem: `${on.path} got new commits while the work was merged.`,
  });
  expect(on.git('log', '--format=%s')).toBe('theirs\nfirst');
  expect(await work.merge()).toMatchObject({ kind: 'merged' });
});
