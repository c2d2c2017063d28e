import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWorktrees } from '../../../src/workspace/worktrees/worktrees.ts';
import { newTaskId, noSetup, RepositoryOnDisk, Work } from './repositories-on-disk.ts';
import { userGit } from './workspaces-on-disk.ts';

let on: RepositoryOnDisk;

beforeEach(() => {
  on = new RepositoryOnDisk();
});

afterEach(() => on.leave());

test('the setup runs once in the worktree, confined to it, with a private home', async () => {
  const setup = { command: 'pwd; echo made > made; exit 3', copy: [], timeoutMs: 60_000 };
  const work = await on.begin(setup);
  const again = await work.make(setup);
  expect(again).toEqual({ setup: { exitCode: 3, output: expect.stringContaining(work.workspace) } });
  expect(on.launches).toHaveLength(1);
  expect(on.launches[0]).toMatchObject({
    cwd: work.workspace,
    taskId: work.task,
    confinement: { writable: [work.workspace], network: 'host', home: expect.stringMatching(/^[0-9a-f]{24}$/) },
  });
  expect(on.read('made', work.workspace)).toBe('made\n');
});

test('a setup that takes too long is ended and told', async () => {
  const work = await on.begin({ command: 'echo began; sleep 60', copy: [], timeoutMs: 500 });
  expect(await work.make()).toEqual({ setup: { exitCode: null, output: 'began\n\nit was ended after 0.5 s' } });
});

test('a setup that is interrupted begins anew', async () => {
  const stop = new AbortController();
  stop.abort();
  const planned = await on.worktrees.plan(on.path, newTaskId());
  if (!('workspace' in planned)) throw new Error(planned.problem);
  const work = new Work(on, newTaskId(), planned.workspace, planned.repository);
  const setup = { command: 'echo done', copy: [], timeoutMs: 60_000 };
  await work.make(setup, stop.signal);
  expect(await work.make(setup)).toEqual({ setup: { exitCode: 0, output: 'done\n' } });
});

test('named files are copied and never committed; what cannot be copied is told', async () => {
  on.write({ '.env': 'SECRET=1\n', 'config/local.json': '{}', outside: 'x' });
  symlinkSync('/etc/hostname', join(on.path, 'leads-out'));
  symlinkSync('.env', join(on.path, 'leads-in'));
  const copy = ['.env', './config/local.json', 'a', 'missing', 'leads-out', 'leads-in', 'folder', '.git/config'];
  const work = await on.begin({ ...noSetup, copy });
  expect(on.read('.env', work.workspace)).toBe('SECRET=1\n');
  expect(on.read('config/local.json', work.workspace)).toBe('{}');
  expect(on.read('leads-in', work.workspace)).toBe('SECRET=1\n');
  expect(await work.make()).toEqual({
    setup: {
      exitCode: 0,
      output: [
        'a was not copied: it is in git',
        'missing was not copied: there is no such file',
        'leads-out was not copied: it leads out of the repository',
        'folder was not copied: it is no regular file',
        ".git/config was not copied: it is one of git's own files",
      ].join('\n'),
    },
  });
  work.write({ new: '1' });
  await work.commit();
  expect(work.committed()).toEqual(['a', 'folder/b', 'new']);
  expect(await work.diff()).not.toContain('SECRET');
});

test('a link in git does not lead a copy out of the worktree', async () => {
  mkdirSync(join(on.base, 'elsewhere'));
  symlinkSync(join(on.base, 'elsewhere'), join(on.path, 'config'));
  on.commitAll('a link');
  unlinkSync(join(on.path, 'config'));
  on.write({ 'config/.env': 'SECRET=1' });
  await on.begin({ ...noSetup, copy: ['config/.env'] });
  expect(readdirSync(join(on.base, 'elsewhere'))).toEqual([]);
});

test('whatever git command it is interrupted at, before or after, making it again makes it whole', async () => {
  const wrapper = join(on.base, 'wrapper');
  mkdirSync(wrapper);
  const calls = join(on.base, 'calls');
  // Fails at the call whose number is in `at`, before or after the real git.
  const script = `#!/bin/sh
echo x >> ${calls}
export PATH=$REAL_PATH
[ "$(wc -l < ${calls})" = "$(cat ${on.base}/at)" ] || exec git "$@"
[ -e ${on.base}/after ] && git "$@" > /dev/null
exit 137
`.replace('$REAL_PATH', process.env['PATH'] ?? '');
  writeFileSync(join(wrapper, 'git'), script);
  chmodSync(join(wrapper, 'git'), 0o755);
  const interrupted = openWorktrees({ ...on.setting, environment: { PATH: `${wrapper}:/bin:/usr/bin` } });
  const before = on.untouchable();
  let reached = true;
  for (let at = 1; reached; at += 1) {
    for (const after of [false, true]) {
      rmSync(calls, { force: true });
      writeFileSync(join(on.base, 'at'), String(at));
      if (after) writeFileSync(join(on.base, 'after'), '');
      else rmSync(join(on.base, 'after'), { force: true });
      const task = newTaskId();
      const planned = await on.worktrees.plan(on.path, task);
      if (!('workspace' in planned)) throw new Error(planned.problem);
      const work = new Work(on, task, planned.workspace, planned.repository);
      const first = interrupted.make(work.workspace, work.repository, task, noSetup, new AbortController().signal);
      reached = await first.then(
        () => false,
        () => true,
      );
      await work.make();
      expect(readdirSync(work.workspace).sort(), `call ${at}`).toEqual(['.git', 'a', 'folder']);
      expect(userGit(work.workspace, 'status', '--porcelain')).toBe('');
      work.write({ a: 'mine\n' });
      expect(await work.commit()).toBe(true);
      expect(await work.merge()).toMatchObject({ kind: 'merged' });
      await work.discard();
      on.git('reset', '--quiet', '--hard', work.repository.base);
    }
    expect(at).toBeLessThan(30);
  }
  expect([...on.untouchable().keys()].filter((path) => !before.has(path))).toEqual(['.git/ORIG_HEAD']);
});

test('what a kill leaves inside a git command stops nobody', async () => {
  const planned = await on.worktrees.plan(on.path, newTaskId());
  if (!('workspace' in planned)) throw new Error(planned.problem);
  const { workspace, repository } = planned;
  const task = repository.branch.replace('spiral/', '');
  const work = new Work(on, newTaskId(), workspace, repository);
  mkdirSync(join(on.path, '.git/worktrees', task), { recursive: true });
  writeFileSync(join(on.path, '.git/worktrees', task, 'locked'), 'initializing');
  mkdirSync(join(on.path, '.git/refs/heads/spiral'), { recursive: true });
  writeFileSync(join(on.path, `.git/refs/heads/spiral/${task}.lock`), '');
  on.write({ 'half/made': '' }, workspace);
  chmodSync(join(workspace, 'half'), 0o500);
  await work.make();
  expect(readdirSync(workspace).sort()).toEqual(['.git', 'a', 'folder']);

  work.write({ a: 'mine\n' });
  writeFileSync(join(on.stateRoot, `worktrees/${task}.index`), 'cut off');
  writeFileSync(join(on.stateRoot, `worktrees/${task}.index.lock`), '');
  writeFileSync(join(on.path, `.git/refs/heads/spiral/${task}.lock`), '');
  expect(await work.commit()).toBe(true);
  expect(await work.diff()).toContain('+mine');
});

test('a branch of that name with other work is not touched', async () => {
  const task = newTaskId();
  const planned = await on.worktrees.plan(on.path, task);
  if (!('workspace' in planned)) throw new Error(planned.problem);
  on.write({ a: 'theirs\n' });
  on.commitAll('theirs');
  on.git('branch', `spiral/${task}`);
  await expect(new Work(on, task, planned.workspace, planned.repository).make()).rejects.toMatchObject({
    name: 'WorkspaceError',
    message: `the branch spiral/${task} is there already, with other work`,
  });
});

test("a worktree of the user's that has the same name is left alone", async () => {
  const task = newTaskId();
  on.git('worktree', 'add', '--quiet', '-b', 'theirs', join(on.base, task));
  const work = await on.begin(noSetup, task);
  work.write({ a: 'mine\n' });
  expect(await work.commit()).toBe(true);
  await work.discard();
  expect(userGit(join(on.base, task), 'status', '--short', '--branch')).toBe('## theirs\n');
});
