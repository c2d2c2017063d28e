import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { hasCode } from './file-errors.ts';

/**
 * What the process of an id is to the server of a data folder: that server, another program, or none of ours.
 * `unknown` when the system does not let us look; then it must be taken for the server.
 */
export type Identity = 'server' | 'another' | 'gone' | 'unknown';

export async function identify(pid: number, data: string): Promise<Identity> {
  if (!canSignal(pid)) return 'gone';
  const command = await commandLine(pid);
  if (command === undefined) return canSignal(pid) ? 'unknown' : 'gone';
  // A dead process that nobody has waited for has no command line any more.
  if (command === '') return 'gone';
  const program = command.split(' -D ')[0] ?? '';
  return /\bpostgres(\.exe)?$/.test(program) && `${command} `.includes(` -D ${data} `) ? 'server' : 'another';
}

/** Whether a process is there and ours; that of another user can be no server of ours. */
export function canSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (hasCode(error, 'ESRCH', 'EPERM')) return false;
    throw error;
  }
}

async function commandLine(pid: number): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined;
  try {
    if (process.platform !== 'linux') {
      return (await promisify(execFile)('ps', ['-p', String(pid), '-o', 'command='])).stdout.trim();
    }
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').join(' ').trim();
  } catch (error) {
    // Hidden from us, or gone in this moment; `ps` tells neither by a code of its own.
    if (error instanceof Error) return undefined;
    throw error;
  }
}
