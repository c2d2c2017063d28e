import { readdirSync, readFileSync } from 'node:fs';
import type { Resources } from './resources.ts';

/** A limit of a tree as a whole. */
export type ExceededLimit = 'memory' | 'processes';

const pollMs = 100;

export type TreeWatch = {
  /** Looks once more, now. */
  look(): void;
  /** The most memory that it was seen to hold, apart from files; undefined for a tree that nobody saw. */
  peakBytes(): number | undefined;
  end(): void;
};

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
): TreeWatch {
  const peak = peakOfTree();
  let isOver = false;
  function look(): void {
    if (isOver) return;
    const members = membersOf(leader);
    const threads = sum(members, (member) => member.threads);
    const held = heldBy(members, memoryBytes);
    peak.saw(members, held);
    const limit = threads > processes ? 'processes' : held > memoryBytes ? 'memory' : undefined;
    if (limit === undefined) return;
    end();
    exceeded(limit);
  }
  function end(): void {
    isOver = true;
    clearInterval(timer);
  }
  const timer = setInterval(look, pollMs);
  return { look, peakBytes: peak.bytes, end };
}

/**
 * The kernel remembers the most that a process held, files included; the most of files that it was seen to hold is taken off.
 * So what was held between two looks is seen as well.
 */
function peakOfTree(): { saw(members: readonly Member[], held: number): void; readonly bytes: TreeWatch['peakBytes'] } {
  const ofFiles = new Map<number, number>();
  let most: number | undefined;
  return {
    saw(members, held) {
      for (const { pid } of members) {
        const status = read(pid, 'status');
        const highest = kilobytesIn(status, /^VmHWM:\s+(\d+)/gm);
        if (highest === 0) continue;
        const files = Math.max(kilobytesIn(status, /^RssFile:\s+(\d+)/gm), ofFiles.get(pid) ?? 0);
        ofFiles.set(pid, files);
        most = Math.max(most ?? 0, held, (highest - files) * 1024);
      }
    },
    bytes: () => most,
  };
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
function heldBy(members: readonly Member[], memoryBytes: number): number {
  const apparent = sum(members, apparentMemory);
  return apparent > memoryBytes ? sum(members, memory) : apparent;
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
