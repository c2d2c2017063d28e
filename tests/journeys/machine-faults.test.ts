import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bash, play, say, write } from '../../src/rehearsal/play.ts';
import { embedded } from '../support/installations.ts';
import { without } from '../support/path-without.ts';
import { green } from '../support/plays.ts';
import { type Person, run } from '../support/program.ts';
import type { Stage } from '../support/stage.ts';

const binary = resolve(import.meta.dirname, '../../dist/main.js');

let on: Stage;
beforeEach(async () => {
  on = await embedded.stage(green);
});
afterEach(() => on.close());

/** Runs the built program as that person after some preparation, in namespaces of its own where all of this is theirs. */
async function runAfter(preparation: string, { environment, folder }: Person, args: readonly string[]) {
  const script = `${preparation}\nexec "$@"`;
  const child = spawn(
    'unshare',
    ['--user', '--map-root-user', '--mount', 'sh', '-ec', script, 'sh', process.execPath, binary, ...args],
    { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { exitCode: child.exitCode, stdout, stderr };
}

test('without git a task is refused in one line, before a model is asked', async () => {
  const { exitCode, stderr } = await run(without(on.person, ['git']), ['Write a sum', '-w', on.person.workspace]);
  expect(stderr).toMatch(/^❌ git is not installed.*\n {3}Install git.*\n$/);
  expect(exitCode).toBe(2);
  expect(on.requests).toHaveLength(0);
});

test('a disk that is full under the workspace is told with every file that could not be written', async () => {
  const { workspace } = on.person;
  mkdirSync(workspace, { recursive: true });
  const full = `mount -t tmpfs -o size=16k tmpfs '${workspace}'\nhead -c 16384 /dev/zero > '${workspace}/fill' || true`;
  const { exitCode, stdout, stderr } = await runAfter(full, on.person, ['Write a sum', '-w', workspace]);
  expect(stderr).toContain('Writing sum.js failed: ENOSPC: no space left on device');
  expect(stdout).toContain('NOT verified');
  expect(exitCode).toBe(0);
});

test('a disk that is full under the state of Spiral is told in one line, and what was recorded is there afterwards', async () => {
  const { person } = on;
  expect((await run(person, ['Write a sum', '-w', person.workspace])).exitCode).toBe(0);
  const state = person.environment['SPIRAL_HOME'] ?? '';
  const full = `mount -t tmpfs -o size=16k tmpfs '${state}'\nhead -c 16384 /dev/zero > '${state}/fill' || true`;
  const refused = await runAfter(full, person, ['Write a sum', '-w', join(person.folder, 'other')]);
  expect(refused.stderr).toMatch(/^❌ .*\n {3}.*\n$/);
  expect(refused.stderr).toMatch(/disk is full|No space left|ENOSPC/i);
  expect(refused.exitCode).toBe(1);
  expect((await run(person, ['tasks'])).stdout).toMatch(/succeeded.*Write a sum/);
});

test('without inotify a task works as ever', async () => {
  const none = 'echo 0 > /proc/sys/user/max_inotify_instances';
  const { workspace } = on.person;
  const { exitCode, stdout } = await runAfter(none, on.person, ['Write a sum', '-w', workspace]);
  expect(stdout).toContain('✨ Task completed successfully');
  expect(exitCode).toBe(0);
});

test('a clock that jumps back an hour in the middle of a round loses nothing and shows no time below zero', async () => {
  await on.close();
  const round = [[write('a.txt', 'a\n')], [bash('touch jumped', 'Jump')], [write('b.txt', 'b\n')], [say('Done.')]];
  on = await embedded.stage(play([round]));
  const { person } = on;
  const jump = join(person.folder, 'jump.mjs');
  // Only our own process is thrown back: the database and Claude Code keep their clocks, as machines beside us would.
  writeFileSync(
    jump,
    `import { existsSync } from 'node:fs';
if (process.argv[1] === ${JSON.stringify(binary)}) {
  const { now } = Date;
  const real = Date;
  const offset = () => (existsSync(${JSON.stringify(join(person.workspace, 'jumped'))}) ? -3_600_000 : 0);
  globalThis.Date = class extends real {
    constructor(...given) { if (given.length === 0) super(now() + offset()); else super(...given); }
    static now() { return now() + offset(); }
  };
}
`,
  );
  const thrownBack = { ...person, environment: { ...person.environment, NODE_OPTIONS: `--import=${jump}` } };
  const { exitCode, stdout } = await run(thrownBack, ['Write two files', '-w', person.workspace]);
  expect(stdout).toContain('Created b.txt');
  expect(stdout).toMatch(/⏱️ {2}\d/);
  expect(exitCode).toBe(0);
  const tasks = await run(person, ['tasks']);
  expect(tasks.stdout).toMatch(/succeeded, unverified +\d/);
  const costs = await run(person, ['costs']);
  expect(`${stdout}${tasks.stdout}${costs.stdout}`).not.toMatch(/\s-\d[\d.]* (ms|s|min|h)\b/);
});
