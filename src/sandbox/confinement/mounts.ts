import { dirname, relative } from 'node:path';

/** One thing that a view shows at a path of the machine. Paths are absolute and free of links. */
export type Mount =
  /** An empty folder in memory. `share` is how much of the memory for such folders it may take; little when left out. */
  | { readonly kind: 'empty'; readonly path: string; readonly share?: number }
  /** An empty file that cannot be changed. */
  | { readonly kind: 'blank'; readonly path: string }
  /** What lies at `source`, which is `path` itself where it is left out. */
  | { readonly kind: 'shown'; readonly path: string; readonly source?: string; readonly writable: boolean };

/** Whether `path` is `folder` or lies inside it. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith('../'));
}

/**
 * Mounts in the order in which they have to be made: what lies inside comes after what it lies in, and so shows through it.
 * Of two for the same path the later one holds.
 */
export function inOrder(mounts: readonly Mount[]): Mount[] {
  const byPath = new Map(mounts.map((mount) => [mount.path, mount]));
  return [...byPath.values()].toSorted((one, other) => depthOf(one.path) - depthOf(other.path));
}

/** The mount that decides what is seen at a path; undefined where the machine itself is seen. */
export function deciding(mounts: readonly Mount[], path: string): Mount | undefined {
  const byPath = new Map(mounts.map((mount) => [mount.path, mount]));
  for (let place = path; ; place = dirname(place)) {
    const mount = byPath.get(place);
    if (mount || place === dirname(place)) return mount;
  }
}

/** Whether a view shows the machine's own file at a path, as far as mounts decide. */
export function isSeen(mounts: readonly Mount[], path: string): boolean {
  const mount = deciding(mounts, path);
  return !mount || (mount.kind === 'shown' && (mount.source ?? mount.path) === mount.path);
}

const littleBytes = 16 * 1024 ** 2;

/** bubblewrap's arguments for mounts that are in order. `bytes` limits folders in memory, where it is given. */
export function mountArguments(mounts: readonly Mount[], bytes: number | undefined): string[] {
  return mounts.flatMap((mount) => argumentsOf(mount, bytes));
}

function argumentsOf(mount: Mount, bytes: number | undefined): string[] {
  switch (mount.kind) {
    case 'empty': {
      const size = mount.share === undefined ? littleBytes : Math.floor((bytes ?? 0) * mount.share);
      return [...(bytes === undefined ? [] : ['--size', String(size)]), '--tmpfs', mount.path];
    }
    case 'blank':
      return ['--ro-bind', '/dev/null', mount.path];
    case 'shown':
      return [mount.writable ? '--bind' : '--ro-bind', mount.source ?? mount.path, mount.path];
  }
}

function depthOf(path: string): number {
  return path === '/' ? 0 : path.split('/').length - 1;
}
