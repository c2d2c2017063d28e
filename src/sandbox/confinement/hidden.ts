import type { Mount } from './mounts.ts';
import { foldersIn, isFolder, isReadable, realPathOf } from './place.ts';

/** Sockets of servers and of the desktop, and keys and data of the machine that only some users may read. */
const folders = [
  '/run',
  '/var/run',
  '/root',
  '/var/lib/docker',
  '/var/lib/containerd',
  '/var/lib/containers',
  '/var/lib/kubelet',
  '/var/lib/postgresql',
  '/var/lib/mysql',
  '/var/lib/redis',
  '/var/backups',
  '/var/log',
  '/var/mail',
  '/var/spool',
  '/etc/kubernetes',
  '/etc/ssh',
  '/etc/ssl/private',
];
/** Folders that programs write temporary files to, and how much of the memory for such files each may take. */
const temporary: Readonly<Record<string, number>> = { '/tmp': 1 / 2, '/var/tmp': 1 / 8, '/dev/shm': 1 / 8 };
const files = ['/etc/shadow', '/etc/shadow-', '/etc/gshadow', '/etc/gshadow-', '/etc/sudoers'];

/** Homes that are no person's: packages lie there. */
const sharedHomes: ReadonlySet<string> = new Set(['/home/linuxbrew']);

/** What the programs of a machine need of `/run`: where NixOS keeps them. */
const programsInRun = ['/run/current-system', '/run/opengl-driver'];

/**
 * What nobody sees who is confined, whoever's home it is: other homes, sockets, secrets of the machine, temporary folders.
 *
 * @param network with the machine's network its list of name servers is needed, which may lie in `/run`
 */
export function hiddenOf(network: 'none' | 'host'): Mount[] {
  const others = foldersIn('/home').filter((home) => !sharedHomes.has(home));
  const hidden = new Set(
    [...folders, ...others].flatMap((path) => {
      const real = realPathOf(path);
      return real !== undefined && isFolder(real) && isReadable(real) ? [real] : [];
    }),
  );
  const blank = files.filter((path) => isReadable(path) && realPathOf(path) === path);
  const nameServers = network === 'host' ? realPathOf('/etc/resolv.conf') : undefined;
  const needed = [...programsInRun.map(realPathOf), nameServers].filter((path) => path?.startsWith('/run/'));
  return [
    ...[...hidden].map((path): Mount => ({ kind: 'empty', path })),
    ...Object.entries(temporary).flatMap(([path, share]): Mount[] =>
      realPathOf(path) === path ? [{ kind: 'empty', path, share }] : [],
    ),
    ...blank.map((path): Mount => ({ kind: 'blank', path })),
    ...needed.flatMap((path): Mount[] => (path === undefined ? [] : [{ kind: 'shown', path, writable: false }])),
  ];
}
