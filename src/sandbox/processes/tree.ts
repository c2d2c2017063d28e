import { readdirSync, readFileSync } from 'node:fs';
import { identityOf, isAlive, type ProcessIdentity } from './identity.ts';

/** The environment variable that names a process tree in all of its processes. */
export const markerVariable = 'SPIRAL_PROCESS_TREE';

/**
 * Sends a signal to every process of a tree: to the process group of its leader, and to whatever carries its marker (which
 * a daemon that left the group still does).
 *
 * @returns how many processes carried the marker, or 1 for a leader whose environment cannot be read; 0 when all are gone
 */
export function signalTree(leader: ProcessIdentity, marker: string, signal: NodeJS.Signals): number {
  const leads = isAlive(leader);
  if (leads) send(-leader.pid, signal);
  const marked = processesMarked(marker);
  for (const { pid } of marked) send(pid, signal);
  return Math.max(marked.length, leads ? 1 : 0);
}

/** Running processes whose environment carries the marker. Only Linux can tell; elsewhere the list is empty. */
export function processesMarked(marker: string): ProcessIdentity[] {
  if (process.platform !== 'linux') return [];
  const entry = `${markerVariable}=${marker}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => environmentOf(name).includes(entry))
    .flatMap((name) => identityOf(Number(name)) ?? []);
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    return []; // It ended meanwhile, or belongs to another user and so is not ours.
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))) throw error;
  }
}
