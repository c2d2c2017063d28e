import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import type { ToolRun } from '../cells.ts';
import { inOrder, type Mount, mountArguments } from '../confinement/mounts.ts';
import { limited, type MoreLimits } from '../confinement/resources.ts';
import { kernelCallFilter } from './kernel-calls.ts';
import { type PlacesSeen, type Shown, systemFolders } from './programs.ts';

/** Where a tool finds itself in a cell. */
export const placesInside: PlacesSeen = { folder: '/tool', scratch: '/scratch' };
/** Where the socket lies that leads to the hosts which are allowed. */
export const proxySocketInside = '/spiral/proxy.sock';
export const programFoldersInside = '/usr/local/bin:/usr/bin:/bin';

const confinedUserId = '1000';
const openFiles = 256;
const smallFolderBytes = 16 * 1024 ** 2;
const diskOfFiles = 10;

export type CellContent = {
  readonly run: ToolRun;
  /** The paths of its permissions, links followed. */
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly shown: readonly Shown[];
  readonly environment: Readonly<Record<string, string>>;
  /** The program, found and with its own checks. */
  readonly command: readonly [string, ...string[]];
};

export type Cell = {
  /** Of bubblewrap. */
  readonly args: readonly string[];
  /** What bubblewrap reads from descriptor 3 and 4; on 5 it tells what it did. */
  readonly inputs: readonly [string, Buffer, string];
};

/** The descriptor on which bubblewrap tells which process came to be, and how it ended. */
export const statusDescriptor = 5;

export function diskBytesOf({ limits }: ToolRun): number {
  return limits.diskBytes ?? limits.fileBytes * diskOfFiles;
}

/**
 * The command line of a call in a cell: a machine with nothing but the system's programs, the tool, its scratch folder and
 * what was allowed. Undefined for a processor whose kernel calls we do not know.
 */
export function inCell(content: CellContent): Cell | undefined {
  const { run, command, environment } = content;
  const isRoot = process.geteuid?.() === 0;
  const mayStart = run.permissions.subprocess || run.permissions.hosts.length > 0;
  const filter = kernelCallFilter({ subprocess: mayStart, ownsFilesOfRoot: isRoot });
  if (!filter) return undefined;
  const [program, ...args] = command;
  const inside = limited(program, args, run.limits, moreLimits(run));
  // Through a pipe, not on the command line, which everybody on the machine can read.
  const settings = [
    ...namespaces,
    ...['--clearenv', ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value])],
    ...systemMounts(),
    // Root is root to these files even without any right.
    ...['--proc', '/proc', ...(isRoot ? ['--ro-bind', '/proc/sys', '/proc/sys'] : [])],
    ...['--dev', '/dev', '--size', String(smallFolderBytes), '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    ...content.shown.flatMap(({ source, path }) => ['--ro-bind', source, path]),
    ...['--ro-bind', run.folder, placesInside.folder],
    ...(run.scratch === undefined
      ? ['--size', String(diskBytesOf(run)), '--tmpfs', placesInside.scratch]
      : ['--bind', run.scratch, placesInside.scratch]),
    ...['--size', String(smallFolderBytes), '--tmpfs', '/tmp'],
    ...allowedMounts(content),
    // What bubblewrap made in between lies in memory that no limit counts.
    ...['--remount-ro', '/', '--chdir', placesInside.folder],
  ];
  return {
    args: [
      ...['--args', '3', '--seccomp', '4', '--json-status-fd', String(statusDescriptor)],
      ...['--', inside.command, ...inside.args],
    ],
    inputs: [settings.map((setting) => `${setting}\0`).join(''), filter, ''],
  };
}

export function moreLimits({ limits }: ToolRun): MoreLimits {
  return { cpuSeconds: Math.max(1, Math.ceil(limits.cpuSeconds)), openFiles };
}

/** No new session: the tree has one already, and so no terminal, from the moment in which it is started. */
const namespaces = [
  ...['--unshare-user', '--uid', confinedUserId, '--gid', confinedUserId, '--disable-userns'],
  ...['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try', '--unshare-net', '--hostname', 'tool'],
  ...['--die-with-parent', '--cap-drop', 'ALL'],
];

/** What lies inside comes after what it lies in, and so shows through it. */
function allowedMounts({ read, write }: CellContent): string[] {
  const mounts: Mount[] = [
    ...read.map((path): Mount => ({ kind: 'shown', path, writable: false })),
    ...write.map((path): Mount => ({ kind: 'shown', path, writable: true })),
  ];
  return mountArguments(inOrder(mounts), undefined);
}

/** Certificates, and names of programs and libraries that stand for others. */
const systemSettings = ['/etc/ssl/certs', '/etc/ssl/openssl.cnf', '/etc/pki/tls', '/etc/ca-certificates'].concat([
  '/etc/alternatives',
  '/etc/ld.so.cache',
  '/etc/ld.so.conf',
  '/etc/ld.so.conf.d',
  '/etc/localtime',
]);

function systemMounts(): string[] {
  return [...systemFolders, ...systemSettings].flatMap((path) => {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (!found || !existsSync(path)) return [];
    return found.isSymbolicLink() && systemFolders.includes(path)
      ? ['--symlink', readlinkSync(path), path]
      : ['--ro-bind', path, path];
  });
}
