import { readdirSync, readFileSync } from 'node:fs';

/*
 * Processes as a stranger sees them: by /proc alone. A process that ended counts as dead also while nobody has collected it.
 */

/** A process, told apart from a later one that was given the same id. */
export type Seen = { readonly pid: number; readonly startedAt: string };

type Status = Seen & { readonly parent: number; readonly group: number };

/** Set by Spiral in everything that it starts; a daemon that left its parents still carries it. */
const marker = /(?:^|\0)(SPIRAL_PROCESS_TREE=[^\0]+)/;

/** Every living descendant of a process, and whatever carries the marker of one of them; without the process itself. */
export function familyOf(root: number): Seen[] {
  const all = everyProcess();
  const family = new Map<number, Status>();
  let found = all.filter(({ parent }) => parent === root);
  while (found.length > 0) {
    for (const one of found) family.set(one.pid, one);
    const parents = new Set(found.map(({ pid }) => pid));
    found = all.filter(({ pid, parent }) => parents.has(parent) && !family.has(pid));
  }
  const markers = markersOf([...family.values()]);
  for (const one of carrying(markers, all)) if (one.pid !== root) family.set(one.pid, one);
  return [...family.values()];
}

/** The markers of Spiral that stand in the environments of these processes. */
export function markersOf(processes: readonly Seen[]): Set<string> {
  return new Set(processes.flatMap(({ pid }) => marker.exec(read(`/proc/${pid}/environ`))?.[1] ?? []));
}

/** Every living process that carries one of these markers. */
export function processesCarrying(markers: ReadonlySet<string>): Seen[] {
  return carrying(markers, everyProcess());
}

/** The process groups of these processes, but not ours. */
export function groupsOf(processes: readonly Seen[]): number[] {
  const own = statusOf(process.pid)?.group;
  const groups = processes.flatMap(({ pid }) => statusOf(pid)?.group ?? []);
  return [...new Set(groups)].filter((group) => group > 1 && group !== own);
}

export function isAlive({ pid, startedAt }: Seen): boolean {
  return statusOf(pid)?.startedAt === startedAt;
}

/** What was typed to start it. */
export function commandLineOf({ pid }: Seen): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
}

/** Memory that these processes hold in RAM; what two of them share is counted twice. */
export function residentMegabytes(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0));
  return kilobytes.reduce((sum, one) => sum + one, 0) / 1024;
}

function carrying(markers: ReadonlySet<string>, all: readonly Status[]): Status[] {
  if (markers.size === 0) return [];
  return all.filter(({ pid }) => markers.has(marker.exec(read(`/proc/${pid}/environ`))?.[1] ?? ''));
}

function everyProcess(): Status[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statusOf(Number(name)) ?? []) : []));
}

function statusOf(pid: number): Status | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // Behind the name, which may hold anything: state, parent, process group; the start stands at place 19.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group] = fields;
  const startedAt = fields[19];
  if (startedAt === undefined || state === 'Z' || state === 'X') return undefined;
  return { pid, startedAt, parent: Number(parent), group: Number(group) };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // It ended meanwhile.
  }
}
