import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'vitest';

/** What a test may need from the machine: a program on the PATH, or a module of its python. */
export type Need =
  | 'cargo'
  | 'go'
  | 'python3'
  | 'pytest'
  | 'npm'
  | 'mkfifo'
  | 'redis-server'
  | 'bwrap'
  | 'setpriv'
  | 'setsid'
  | 'socat';

type NamedTest = (name: string, body: () => Promise<void>, timeoutMs?: number) => void;

/**
 * `test`, when the machine has what is named. Otherwise the test is skipped under a name that says what is missing; where
 * the variable CI is set it fails instead, because there nobody would notice the gap.
 */
export function needs(...needed: readonly Need[]): NamedTest {
  const missing = needed.filter((need) => !isThere(need));
  if (missing.length === 0) return (name, body, timeoutMs) => test(name, body, timeoutMs);
  const reason = `needs ${missing.join(' and ')}, not found on this machine`;
  if (!process.env['CI']) return (name) => test.skip(`${name} (skipped: ${reason})`);
  return (name) =>
    test(name, () => {
      throw new Error(reason);
    });
}

/** What is installed need not work: these are tried. */
const trials: Readonly<Partial<Record<Need, readonly [string, ...string[]]>>> = {
  pytest: ['python3', '-m', 'pytest', '--version'],
  bwrap: ['bwrap', '--dev-bind', '/', '/', '--unshare-pid', '--proc', '/proc', '--die-with-parent', '--', 'true'],
  setpriv: ['setpriv', '--pdeathsig', 'KILL', '--', 'true'],
};

const known = new Map<Need, boolean>();

function isThere(need: Need): boolean {
  const before = known.get(need);
  if (before !== undefined) return before;
  const trial = trials[need];
  const found = trial ? spawnSync(trial[0], trial.slice(1), { stdio: 'ignore' }).status === 0 : isOnPath(need);
  known.set(need, found);
  return found;
}

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
