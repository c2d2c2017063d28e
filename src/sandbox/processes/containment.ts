import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Containment } from '../sandbox.ts';

const run = promisify(execFile);

const bubblewrap = ['--dev-bind', '/', '/', '--unshare-pid', '--proc', '/proc', '--die-with-parent', '--'];
const parentDeathSignal = ['--pdeathsig', 'KILL', '--'];

/** Finds out, by trying, what this machine can do so that no child outlives us: the strongest that works. */
export async function detectContainment(path: string | undefined): Promise<Containment> {
  if (process.platform !== 'linux') return 'none';
  if (await works('bwrap', [...bubblewrap, 'true'], path)) return 'bubblewrap';
  if (await works('setpriv', [...parentDeathSignal, 'true'], path)) return 'parent-death-signal';
  return 'none';
}

/** The command line that runs a program under a containment. */
export function contained(
  containment: Containment,
  command: string,
  args: readonly string[],
): { readonly command: string; readonly args: readonly string[] } {
  switch (containment) {
    case 'bubblewrap':
      return { command: 'bwrap', args: [...bubblewrap, command, ...args] };
    case 'parent-death-signal':
      return { command: 'setpriv', args: [...parentDeathSignal, command, ...args] };
    case 'none':
      return { command, args };
  }
}

async function works(command: string, args: readonly string[], path: string | undefined): Promise<boolean> {
  try {
    await run(command, args, { timeout: 5000, env: path === undefined ? {} : { PATH: path } });
    return true;
  } catch {
    return false; // Not installed, or not allowed here: both mean that the next weaker one is tried.
  }
}
