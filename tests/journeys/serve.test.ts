import { existsSync } from 'node:fs';
import { mkdir, watch } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { embeddedStatus } from '../../src/store/postgres/embedded/embedded-postgres.ts';
import { embedded } from '../support/installations.ts';
import { without } from '../support/path-without.ts';
import { green } from '../support/plays.ts';
import { type Person, run, start } from '../support/program.ts';
import type { Stage } from '../support/stage.ts';

const ready = 'serves this machine';

let on: Stage;
beforeEach(async () => {
  on = await embedded.stage(green);
});
afterEach(() => on.close());

function stateRootOf({ environment }: Person): string {
  return environment['SPIRAL_HOME'] ?? '';
}

/** Resolves when the folder of the database is made: as early as it can be seen from outside. */
async function databaseIsBegun(stateRoot: string): Promise<void> {
  await mkdir(stateRoot, { recursive: true, mode: 0o700 });
  for await (const { filename } of watch(stateRoot)) {
    if (filename === 'postgres') return;
  }
}

test('what is refused has set up no database', async () => {
  const refused = await run(without(on.person, ['git']), ['serve']);
  expect(refused.stderr).toMatch(/^❌ git is not installed/m);
  expect(refused.exitCode).toBe(2);
  expect(existsSync(join(stateRootOf(on.person), 'postgres'))).toBe(false);
});

test('one that is told to stop in the middle of its very first start ends in order and leaves no database server', async () => {
  const stateRoot = stateRootOf(on.person);
  const begun = databaseIsBegun(stateRoot);
  const serving = start(on.person, ['serve']);
  await begun;
  serving.child.kill('SIGTERM');
  expect((await serving.ended()).exitCode).toBe(0);
  expect(await embeddedStatus(stateRoot)).toMatchObject({ kind: 'stopped' });
});

test('one that was killed in the middle of its very first start stands in nobody’s way', async () => {
  const begun = databaseIsBegun(stateRootOf(on.person));
  const killed = start(on.person, ['serve']);
  await begun;
  killed.child.kill('SIGKILL');
  await killed.ended();
  const serving = start(on.person, ['serve']);
  await serving.told(ready);
  serving.child.kill('SIGTERM');
  expect((await serving.ended()).exitCode).toBe(0);
});
