import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import type { Confinement } from '../sandbox.ts';

export type Resources = NonNullable<Confinement['resources']>;

/** What is limited more tightly for a program that nobody trusts. */
export type MoreLimits = {
  /** Of processor time, for every process: a second later it is ended by force. */
  readonly cpuSeconds?: number;
  readonly openFiles?: number;
};

const mostOpenFiles = 16_384;

/** Since Linux 5.14 the processes of each user namespace are counted by themselves. */
const countsByNamespace = 514;

/**
 * A program under limits that hold for each process. The number of processes is limited too where that counts what runs in
 * the view alone; root is exempt from it, so `watchTree` counts as well.
 */
export function limited(
  command: string,
  args: readonly string[],
  resources: Resources | undefined,
  { cpuSeconds, openFiles = mostOpenFiles }: MoreLimits = {},
): { readonly command: string; readonly args: readonly string[] } {
  if (!resources) return { command, args };
  const hard = hardLimits();
  const limit = (name: string, wanted: number, most: number) => `--${name}=${Math.min(wanted, most)}`;
  const processes = limit('nproc', resources.processes * headroom, hard['Max processes'] ?? Number.POSITIVE_INFINITY);
  return {
    command: 'prlimit',
    args: [
      limit('data', resources.memoryBytes, hard['Max data size'] ?? Number.POSITIVE_INFINITY),
      limit('fsize', resources.fileBytes, hard['Max file size'] ?? Number.POSITIVE_INFINITY),
      limit('nofile', openFiles, hard['Max open files'] ?? openFiles),
      '--core=0',
      ...(cpuSeconds === undefined ? [] : [`--cpu=${cpuSeconds}:${cpuSeconds + 1}`]),
      ...(kernelVersion() >= countsByNamespace ? [processes] : []),
      '--',
      command,
      ...args,
    ],
  };
}

/** What this process may not go beyond, by the names that the kernel gives; what is unlimited is left out. */
function hardLimits(): Readonly<Record<string, number>> {
  const lines = readFileSync('/proc/self/limits', 'utf8').split('\n').slice(1);
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [name, , hard] = line.split(/ {2,}/);
      return name && hard && /^\d+$/.test(hard) ? [[name, Number(hard)]] : [];
    }),
  );
}

/**
 * The kernel stops a tree that forks faster than it is counted; a tree that it refused at the very limit would try for ever.
 */
const headroom = 2;

/** 514 for 5.14. */
function kernelVersion(): number {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return major * 100 + Math.min(minor, 99);
}
