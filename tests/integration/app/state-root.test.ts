import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStateRoot } from '../../../src/app/state-root.ts';

const program = fileURLToPath(new URL('./state-root-process.ts', import.meta.url));
const together = 3;
const rounds = 300;
const everyMs = 5;
/** Longer than the program takes to load, or the first one is over before the last one begins. */
const loadingMs = 3_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spiral-state-root-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('processes that start for the first time together are one installation, and leave nothing beside its name', async () => {
  const given = [folder, rounds, Date.now() + loadingMs, everyMs].map(String);
  const opening = () => promisify(execFile)(process.execPath, ['--import', 'tsx', program, ...given]);
  const [first, ...others] = await Promise.all(Array.from({ length: together }, opening));
  expect(first?.stdout.trim().split('\n')).toHaveLength(rounds);
  for (const { stdout } of others) expect(stdout).toBe(first?.stdout);
  for (const round of readdirSync(folder)) expect(readdirSync(join(folder, round))).toEqual(['machine-id']);
});

test('a name that is damaged is told by its file, and not replaced: tasks belong to it', async () => {
  const file = join(folder, 'machine-id');
  writeFileSync(file, 'half a na');
  await expect(openStateRoot(folder)).rejects.toThrow(`${file} is damaged`);
});
