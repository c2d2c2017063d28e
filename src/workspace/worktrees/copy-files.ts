import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';

export type Copied = {
  readonly copied: readonly string[];
  /** One line for each that was not, with the reason. */
  readonly told: readonly string[];
};

/**
 * Copies files of a repository that are not in git into a fresh worktree. Only regular files whose path, after symlinks,
 * stays inside; one that is there already, because it is in git, stays as it is.
 */
export async function copyFiles(from: string, to: string, names: readonly string[]): Promise<Copied> {
  const copied: string[] = [];
  const told: string[] = [];
  for (const name of names) {
    const reason = await copyFrom(from, to, name);
    if (reason === undefined) copied.push(name);
    else told.push(`${name} was not copied: ${reason}`);
  }
  return { copied, told };
}

async function copyFrom(from: string, to: string, name: string): Promise<string | undefined> {
  const source = await realpath(join(from, name)).catch(() => undefined);
  if (source === undefined) return 'there is no such file';
  if (!isInside(from, source)) return 'it leads out of the repository';
  if (isInside(join(from, '.git'), source)) return "it is one of git's own files";
  if (!(await stat(source)).isFile()) return 'it is no regular file';
  const target = join(to, name);
  if (!isInside(to, target)) return 'it leads out of the worktree';
  if (await lstat(target).catch(() => undefined)) return 'it is in git';
  if (!(await leadsInside(to, dirname(target)))) return 'a link in git stands where its folder would be';
  await mkdir(dirname(target), { recursive: true });
  await copyFile(source, target, constants.COPYFILE_EXCL);
  return undefined;
}

/** Whether a folder, or the part of its path that exists already, lies inside after symlinks. */
async function leadsInside(root: string, folder: string): Promise<boolean> {
  const real = await realpath(folder).catch(() => undefined);
  if (real !== undefined) return real === root || isInside(root, real);
  if (await lstat(folder).catch(() => undefined)) return false;
  return leadsInside(root, dirname(folder));
}

function isInside(outer: string, inner: string): boolean {
  const way = relative(outer, inner);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
