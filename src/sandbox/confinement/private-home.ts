import { lstatSync, mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isWithin, type Mount } from './mounts.ts';
import { isFolder } from './place.ts';

/**
 * Makes a private home and, in it, the places where other folders will be shown. Who was confined in it before could have
 * left links there, which would be followed outside of the view: a link, or a file in place of a folder, is removed.
 *
 * @param folder the private home
 * @param home where the view shows it
 */
export function preparePrivateHome(folder: string, home: string, mounts: readonly Mount[]): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const mount of mounts) {
    if (mount.path === home || !isWithin(mount.path, home)) continue;
    const isFile = mount.kind === 'blank' || (mount.kind === 'shown' && !isFolder(mount.source ?? mount.path));
    const parts = relative(home, mount.path).split('/');
    const folders = isFile ? parts.slice(0, -1) : parts;
    folders.reduce((place, name) => ensureFolder(join(place, name)), folder);
    if (isFile && isLink(join(folder, ...parts))) rmSync(join(folder, ...parts));
  }
}

function ensureFolder(path: string): string {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found && !found.isDirectory()) rmSync(path);
  if (!found?.isDirectory()) mkdirSync(path, { mode: 0o700 });
  return path;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}
