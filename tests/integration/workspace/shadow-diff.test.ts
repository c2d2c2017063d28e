import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { diffBetween } from '../../../src/workspace/shadow-git/diff.ts';
import { newWorkspace, type Workspace } from './workspaces-on-disk.ts';

let workspace: Workspace;

beforeEach(() => {
  workspace = newWorkspace();
});

afterEach(() => workspace.leave());

/** The diff of what the work does. */
async function diffOf(work: () => void, characters = 100_000): Promise<string> {
  await workspace.remember('before');
  work();
  await workspace.remember('after');
  return diff(characters);
}

function diff(characters: number): Promise<string> {
  return diffBetween(workspace.shadow, workspace.path, workspace.task, 'before', 'after', characters);
}

test('what was created, changed and deleted is told line by line', async () => {
  workspace.write({ a: 'one\ntwo\n', gone: 'x\n' });
  const told = await diffOf(() => {
    workspace.write({ a: 'one\nchanged\n', 'new/ü': 'n\n' });
    workspace.remove('gone');
  });
  expect(told).toContain('--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n one\n-two\n+changed\n');
  expect(told).toContain('--- /dev/null\n+++ b/new/ü\n');
  expect(told).toContain('+++ /dev/null\n@@ -1 +0,0 @@\n-x\n');
  expect(told).not.toContain('left out');
});

test('no change is no text', async () => {
  workspace.write({ a: 'one' });
  expect(await diffOf(() => undefined)).toBe('');
});

test('a binary file and one that is too big to compare are one line each', async () => {
  const told = await diffOf(() =>
    workspace.write({ 'a.bin': Buffer.from([0, 1, 2]), big: 'x\n'.repeat(5 * 1024 * 1024) }),
  );
  expect(told).toBe('Binary files /dev/null and b/a.bin differ\nBinary files /dev/null and b/big differ\n');
});

test('modes and links are told', async () => {
  workspace.write({ script: 'x' });
  const told = await diffOf(() => {
    chmodSync(join(workspace.path, 'script'), 0o755);
    symlinkSync('/etc/passwd', join(workspace.path, 'link'));
  });
  expect(told).toContain('old mode 100644\nnew mode 100755');
  expect(told).toContain('+/etc/passwd');
});

test('what does not fit is counted, a long file keeps no shorter one out, and the limit is kept', async () => {
  const told = await diffOf(
    () =>
      workspace.write({ 'a-long': 'line\n'.repeat(2000), b: 'short\n', c: 'short too\n', 'd-long': 'x\n'.repeat(900) }),
    600,
  );
  expect(told).toContain('+short\n');
  expect(told).toContain('+short too\n');
  expect(told).not.toContain('a-long');
  expect(told.endsWith('… 2 files left out\n')).toBe(true);
  for (const characters of [0, 1, 20, 100, 200, 333, 1000, 3000, 12_000])
    expect((await diff(characters)).length, String(characters)).toBeLessThanOrEqual(characters);
});

test('of a change that is one long file its beginning is told', async () => {
  const told = await diffOf(() => workspace.write({ long: 'line\n'.repeat(2000) }), 300);
  expect(told).toHaveLength(300);
  expect(told).toContain('+++ b/long\n@@ -0,0 +1,2000 @@\n+line\n');
  expect(told.endsWith('… the rest of this file is left out\n')).toBe(true);
});

test('no text of a file looks like a head, whatever ends of lines it has', async () => {
  const told = await diffOf(() =>
    workspace.write({
      a: 'evil\rBinary files a and b differ\rdiff --git a/x b/x\u2028Binary files a and b differ\n',
      b: 'diff --git a/x b/x\nBinary files a and b differ\n',
    }),
  );
  expect(told).toContain('+evil\rBinary files');
  expect(told).toContain('+diff --git a/x b/x\n+Binary files a and b differ\n');
  expect(told).not.toContain('left out');
});

test('nothing that the workspace brings with it hides a change or is run', async () => {
  const ran = join(workspace.path, '..', 'ran');
  mkdirSync(join(workspace.path, '.git'));
  writeFileSync(
    join(workspace.path, '.git/config'),
    `[diff]\n\texternal = touch ${ran}\n[diff "run"]\n\ttextconv = touch ${ran}\n\tcommand = touch ${ran}\n`,
  );
  const told = await diffOf(() => workspace.write({ '.gitattributes': 'a -diff\n* diff=run\n', a: 'mine\n' }));
  expect(told).toContain('+mine\n');
  expect(existsSync(ran)).toBe(false);
});
