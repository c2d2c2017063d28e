import { readdirSync, readFileSync } from 'node:fs';
import type { Resources } from './resources.ts';

/** A limit of a tree as a whole. */
export type ExceededLimit = 'memory' | 'processes';

const pollMs = 100;

/**
 * Looks at a process and everything below it again and again, until it is told to end. The kernel limits each process by
 * itself, and root's number of processes not at all; this is what keeps a tree as a whole within its limits.
 *
 * @param exceeded is called once, with the limit that was exceeded
 */
export function watchTree(
  leader: number,
  { processes, memoryBytes }: Resources,
  exceeded: (limit: ExceededLimit) => void,
): { end(): void } {
  const timer = setInterval(() => {
    const members = membersOf(leader);
    const threads = sum(members, (member) => member.threads);
    const limit = threads > processes ? 'processes' : isBeyond(memoryBytes, members) ? 'memory' : undefined;
    if (limit === undefined) return;
    clearInterval(timer);
    exceeded(limit);
  }, pollMs);
  return { end: () => clearInterval(timer) };
}

type Member = { readonly pid: number; readonly parent: number; readonly threads: number };

/**
 * Everything below a process, not the process itself. In a process namespace an orphan belongs to the first process of that
 * namespace, so nothing gets out of sight.
 */
function membersOf(leader: number): Member[] {
  const byParent = new Map<number, Member[]>();
  for (const name of readdirSync('/proc')) {
    const member = /^\d+$/.test(name) ? memberOf(Number(name)) : undefined;
    if (!member) continue;
    const siblings = byParent.get(member.parent);
    if (siblings) siblings.push(member);
    else byParent.set(member.parent, [member]);
  }
  const members = [...(byParent.get(leader) ?? [])];
  for (const { pid } of members) members.push(...(byParent.get(pid) ?? []));
  return members;
}

function memberOf(pid: number): Member | undefined {
  const stat = read(pid, 'stat');
  if (stat === '') return undefined;
  // Behind the name, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { pid, parent: Number(fields[1]), threads: Number(fields[17]) };
}

/** Costly to tell exactly, so that is done only where a quick look says that it may be too much. */
function isBeyond(memoryBytes: number, members: readonly Member[]): boolean {
  return sum(members, apparentMemory) > memoryBytes && sum(members, memory) > memoryBytes;
}

/** What a process holds apart from files; what it has in common with other processes counts in each of them. */
function apparentMemory({ pid }: Member): number {
  return kilobytesIn(read(pid, 'status'), /^Rss(?:Anon|Shmem):\s+(\d+)/gm) * 1024;
}

/** What is in common with others counts in parts. */
function memory(member: Member): number {
  const exact = read(member.pid, 'smaps_rollup');
  return exact === '' ? apparentMemory(member) : kilobytesIn(exact, /^Pss_(?:Anon|Shmem):\s+(\d+)/gm) * 1024;
}

function kilobytesIn(text: string, lines: RegExp): number {
  return [...text.matchAll(lines)].reduce((total, [, kilobytes]) => total + Number(kilobytes), 0);
}

function sum(members: readonly Member[], of: (member: Member) => number): number {
  return members.reduce((total, member) => total + of(member), 0);
}

/** Empty for a process that has ended meanwhile, or that we may not look into. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
