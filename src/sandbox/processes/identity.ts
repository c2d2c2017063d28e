import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';

/** A process, told apart from a later one that was given the same id. */
export type ProcessIdentity = {
  readonly pid: number;
  /** When it started, as the operating system counts it; compared only for equality. */
  readonly startedAt: string;
};

/** The identity of a running process; undefined when there is none, or only a dead one that nobody has collected. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const startedAt = process.platform === 'linux' ? startedAtOnLinux(pid) : startedAtElsewhere(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Whether exactly this process still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identityOf(identity.pid)?.startedAt === identity.startedAt;
}

/** Names the set of processes that we can look at; pids of another set mean nothing here. */
export function processNamespace(): string {
  if (process.platform !== 'linux') return process.platform;
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    // A /proc without namespaces: an old kernel, where there is one set of processes only.
    return 'linux';
  }
}

function startedAtOnLinux(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined; // ENOENT or ESRCH: no such process, which is the answer that was asked for.
  }
  // The name of the program, in parentheses, may itself hold spaces and parentheses: count from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const ticks = fields[19];
  return state === 'Z' || state === 'X' || ticks === undefined ? undefined : `${bootId()}:${ticks}`;
}

let knownBootId: string | undefined;

function bootId(): string {
  knownBootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return knownBootId;
}

function startedAtElsewhere(pid: number): string | undefined {
  try {
    // In one language and time zone: two processes that write the same time differently would be strangers to each other.
    const env = { LC_ALL: 'C', TZ: 'UTC' };
    return execFileSync('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env }).trim() || undefined;
  } catch {
    return undefined; // ps exits with 1 when there is no such process.
  }
}
