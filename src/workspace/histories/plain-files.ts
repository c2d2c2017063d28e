import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkspaceError } from '../workspace.ts';

/** What is at a path, a link as itself; undefined when nothing is. */
export async function statusOf(path: string): Promise<Stats | undefined> {
  return lstat(path).catch(() => undefined); // Out of reach is as good as not there.
}

/** A folder itself, not a link to one. */
export async function isFolder(path: string): Promise<boolean> {
  return (await statusOf(path))?.isDirectory() ?? false;
}

/** Makes the folders below `root` where they are missing. Throws `WorkspaceError` when one is a link or no folder. */
export async function requireFolder(root: string, way: readonly string[]): Promise<string> {
  let path = root;
  for (const name of ['', ...way]) {
    path = join(path, name);
    if (!(await statusOf(path))) await mkdir(path);
    if (!(await isFolder(path))) throw untrusted(path, 'is no folder of its own');
  }
  return path;
}

/** Whether all in a folder of git objects is a folder or a file, and no objects of other repositories are borrowed. */
export async function requireOwnObjects(objects: string): Promise<void> {
  if (!(await isFolder(objects))) throw untrusted(objects, 'is no folder of its own');
  for (const entry of await readdir(objects, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() && !entry.isDirectory()) throw untrusted(path, 'is no plain file');
    // An empty one borrows nothing: the sandbox of Claude Code's commands leaves it behind.
    if (entry.name.endsWith('alternates') && (await statusOf(path))?.size !== 0)
      throw untrusted(path, 'borrows objects of other repositories');
  }
}

/** Puts a copy of a file into a folder: as a whole or not at all, and in the place of a link, never through it. */
export async function putFile(from: string, folder: string, name: string): Promise<void> {
  // Git tidies up what is called so when we are killed here.
  const beside = join(folder, `tmp_spiral_${randomBytes(8).toString('hex')}`);
  try {
    await copyFile(from, beside, constants.COPYFILE_EXCL);
    const file = await open(beside, constants.O_RDONLY | constants.O_NOFOLLOW);
    await file.sync().finally(() => file.close());
    await rename(beside, join(folder, name));
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

export function untrusted(path: string, what: string): WorkspaceError {
  return new WorkspaceError(
    `the history was not written: ${path} ${what}`,
    'Put the .git of the project in order, or move it away and keep a history of your own; the files are as they were.',
  );
}
