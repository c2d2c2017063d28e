import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { Confinement, Launch } from '../sandbox.ts';
import type { Device } from './devices.ts';
import { hiddenOf } from './hidden.ts';
import { deciding, inOrder, isSeen, isWithin, type Mount, mountArguments } from './mounts.ts';
import { realPathOf } from './place.ts';
import { preparePrivateHome } from './private-home.ts';
import { limited } from './resources.ts';
import { confinedEnvironment, toolchainFolders } from './toolchains.ts';

export type ViewSetting = {
  /** The person's home folder, absolute. */
  readonly home: string;
  /** Absolute, and without links. */
  readonly stateRoot: string;
  /** Whether bubblewrap here can limit a folder in memory. */
  readonly limitsMemoryFolders: boolean;
  /** The user and group as which programs run in the view when we are root, and files that tell their names. */
  readonly asUser?: {
    readonly id: number;
    readonly passwd: string;
    readonly group: string;
    /** Shown in place of the machine's, which root owns. */
    readonly devices: readonly Device[];
  };
};

export type WrappedProgram = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
};

/** What folders in memory may hold together when nothing else is said. */
const memoryFolderBytes = Math.min(4 * 1024 ** 3, totalmem() / 2);
const homeShare = 1 / 4;

/** Where the home lies for somebody who has none. */
const homeOfTheHomeless = '/tmp/home';

/** The command line and environment that start a program in its view of the machine. Makes the private home. */
export function inView(setting: ViewSetting, launch: Launch, confinement: Confinement): WrappedProgram {
  const home = realPathOf(setting.home) ?? homeOfTheHomeless;
  const mounts = mountsOf(setting, home, launch, confinement);
  const bytes = confinement.resources?.memoryBytes ?? memoryFolderBytes;
  const program = limited(launch.command, launch.args, confinement.resources);
  const isWritable = (path: string) => {
    const mount = deciding(mounts, path);
    return mount?.kind === 'empty' || (mount?.kind === 'shown' && mount.writable);
  };
  return {
    command: 'bwrap',
    args: [
      ...userArguments(setting),
      ...['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try', '--die-with-parent'],
      ...['--cap-drop', 'ALL'],
      ...(confinement.network === 'none' ? ['--unshare-net'] : []),
      ...['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
      ...(setting.asUser?.devices ?? []).flatMap(({ source, path }) => ['--dev-bind', source, path]),
      // Root is root to these files even without any right.
      ...(setting.asUser ? ['--ro-bind', '/proc/sys', '/proc/sys'] : []),
      ...mountArguments(mounts, setting.limitsMemoryFolders ? bytes : undefined),
      ...['--chdir', realPathOf(launch.cwd) ?? launch.cwd, '--'],
      program.command,
      ...program.args,
    ],
    env: confinedEnvironment(launch.env, home, isWritable),
  };
}

function userArguments({ asUser }: ViewSetting): string[] {
  return asUser === undefined
    ? ['--unshare-user']
    : ['--unshare-user', '--uid', String(asUser.id), '--gid', String(asUser.id)];
}

/** Everything that differs from the machine, in order. */
function mountsOf(setting: ViewSetting, home: string, launch: Launch, confinement: Confinement): Mount[] {
  const { stateRoot, asUser } = setting;
  const privateHome = confinement.home === undefined ? undefined : join(stateRoot, 'homes', nameOf(confinement.home));
  const base = inOrder([
    ...hiddenOf(confinement.network),
    { kind: 'empty', path: stateRoot },
    privateHome === undefined
      ? { kind: 'empty', path: home, share: homeShare }
      : { kind: 'shown', path: home, source: privateHome, writable: true },
  ]);
  const hidden = base.filter((mount) => mount.path === home || !isAlreadyEmpty(base, mount));
  const mounts = [...hidden];
  const show = (path: string, writable: boolean) => {
    const real = realPathOf(path);
    if (real !== undefined) mounts.push({ kind: 'shown', path: real, writable });
  };
  for (const path of confinement.readable ?? []) show(path, false);
  for (const path of confinement.writable) show(path, true);
  const programs = [...programFolders(launch, setting, home), ...toolchainFolders(home, launch.env)];
  for (const path of programs.toSorted()) {
    if (reveals(path, [home, stateRoot, '/tmp'])) continue;
    const real = realPathOf(path);
    if (real === undefined || reveals(real, [home, stateRoot, '/tmp'])) continue;
    const place = inRealHome(path, setting.home, home);
    // At the path by which it is known, and where it really lies.
    for (const shown of new Set([place, real]))
      if (!isSeen(mounts, shown)) mounts.push({ kind: 'shown', path: shown, source: real, writable: false });
  }
  if (asUser) {
    mounts.push({ kind: 'shown', path: '/etc/passwd', source: asUser.passwd, writable: false });
    mounts.push({ kind: 'shown', path: '/etc/group', source: asUser.group, writable: false });
  }
  const ordered = inOrder(mounts).filter((mount) => mount.kind !== 'shown' || !isAlreadyWritable(mounts, mount));
  if (privateHome !== undefined) preparePrivateHome(privateHome, home, ordered);
  return ordered;
}

/** The program itself may lie where nothing is seen: its folder, or it alone where the folder holds more than programs. */
function programFolders({ command }: Launch, { home, stateRoot }: ViewSetting, realHome: string): string[] {
  const real = command.startsWith('/') ? realPathOf(command) : undefined;
  if (real === undefined) return [];
  const folder = join(real, '..');
  return [reveals(folder, [home, realHome, stateRoot, '/tmp']) ? real : folder];
}

/** Whether a folder holds one of the places that have to stay hidden. */
function reveals(folder: string, places: readonly string[]): boolean {
  return places.some((place) => isWithin(place, folder));
}

function inRealHome(path: string, home: string, realHome: string): string {
  return isWithin(path, home) ? join(realHome, path.slice(home.length)) : path;
}

function isAlreadyEmpty(mounts: readonly Mount[], mount: Mount): boolean {
  if (mount.kind !== 'empty') return false;
  const around = deciding(mounts, join(mount.path, '..'));
  return around?.kind === 'empty' || (around?.kind === 'shown' && around.source !== undefined);
}

function isAlreadyWritable(mounts: readonly Mount[], mount: Mount & { readonly kind: 'shown' }): boolean {
  const around = deciding(mounts, join(mount.path, '..'));
  return mount.writable && around?.kind === 'shown' && around.writable && isSeen(mounts, join(mount.path, '..'));
}

function nameOf(home: string): string {
  if (/^[A-Za-z0-9][\w.-]*$/.test(home)) return home;
  throw new Error(`"${home}" is no name of a private home`);
}
