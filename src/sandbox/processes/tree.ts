import { readdirSync, readFileSync } from 'node:fs';
import { identityOf, isAlive, type ProcessIdentity } from './identity.ts';

/** The environment variable that names a process tree in all of its processes. */
export const markerVariable = 'SPIRAL_PROCESS_TREE';

/** The first process of a tree, and the marker that the others carry too. */
export type Tree = ProcessIdentity & { readonly marker: string };

/**
 * Sends a signal once to every process of a tree: to the process group of its leader, and to whatever carries its marker
 * (which a daemon that left the group still does). A dead leader has no group here: its id may be another's by now.
 *
 * @returns how many processes there were, as far as they can be seen; 0 when all are gone
 */
export function signalTree(tree: Tree, signal: NodeJS.Signals): number {
  return signalAll(tree, processesMarked(tree.marker), signal);
}

/** As `signalTree`, by the process that started the tree: it also finds what dropped its environment. */
export function signalOwnTree(tree: Tree, signal: NodeJS.Signals): number {
  return signalAll(tree, processesOfOwnTree(tree), signal);
}

/** Sends a signal to the process group of a leader that runs, at once and without a look at who belongs to it. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  send(-leader, signal);
}

/** Sends a signal once to every process of a tree that we started, but not to its leader. */
export function signalBelowLeader(tree: Tree, signal: NodeJS.Signals): void {
  for (const pid of processesOfOwnTree(tree)) if (pid !== tree.pid) send(pid, signal);
}

/**
 * The running processes of a tree that we started: those with its marker, and those of the session that its leader began.
 * While a process of that session is left, no other process is given its id, so the answer is sure soon after the leader's
 * end. Only Linux can tell; elsewhere it is the leader alone.
 */
export function processesOfOwnTree(tree: Tree): number[] {
  const holder = identityOf(tree.pid);
  if (process.platform !== 'linux') return holder?.startedAt === tree.startedAt ? [tree.pid] : [];
  const isReused = holder !== undefined && holder.startedAt !== tree.startedAt;
  const marked = new Set(processesMarked(tree.marker));
  return otherProcesses().filter((pid) => {
    if (marked.has(pid)) return true;
    return !isReused && statOf(pid)?.session === tree.pid && identityOf(pid) !== undefined;
  });
}

/** Running processes whose environment carries the marker. Only Linux can tell; elsewhere the list is empty. */
function processesMarked(marker: string): number[] {
  const entry = `${markerVariable}=${marker}`;
  return otherProcesses().filter((pid) => environmentOf(pid).includes(entry) && identityOf(pid) !== undefined);
}

function signalAll(leader: ProcessIdentity, members: readonly number[], signal: NodeJS.Signals): number {
  const leads = isAlive(leader);
  // Looked at before the first signal. A second SIGTERM makes many programs drop what the first made them finish.
  const outside = members.filter((pid) => !leads || statOf(pid)?.group !== leader.pid);
  if (leads) send(-leader.pid, signal);
  for (const pid of outside) send(pid, signal);
  return Math.max(members.length, leads ? 1 : 0);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // Gone meanwhile, or another user's and so not ours to signal.
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))) throw error;
  }
}

function otherProcesses(): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid);
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    return []; // It ended meanwhile, or belongs to another user and so is not ours.
  }
}

function statOf(pid: number): { readonly group: number; readonly session: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Behind the name, which may hold anything: state, parent, process group, session.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { group: Number(fields[2]), session: Number(fields[3]) };
  } catch {
    return undefined; // It ended meanwhile.
  }
}
