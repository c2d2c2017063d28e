import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ToolFiles } from '../../domain/tool.ts';
import { codeOf } from './read-folder.ts';

/** What nobody finished within this time was left behind by a process that was killed. */
const abandonedAfterMs = 60 * 60 * 1000;

/**
 * Makes a folder with these files, whole or not at all: it gets its name when everything is in it. When another process was
 * first, its folder stays. Rejects with the error of the file system, and leaves nothing behind.
 *
 * @param program the file that may be run
 */
export async function makeFolder(folder: string, files: ToolFiles, program: string): Promise<void> {
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true, mode: 0o700 });
  await removeAbandoned(parent);
  const unnamed = join(parent, `.${basename(folder)}.${randomBytes(6).toString('hex')}`);
  try {
    const folders = await writeFiles(unnamed, files, program);
    // From the inside to the outside: none has to be changed behind a closed one.
    for (const inner of folders.reverse()) await chmod(inner, 0o555);
    await rename(unnamed, folder);
  } catch (error) {
    await removeFolder(unnamed);
    if (!isTaken.has(codeOf(error))) throw error;
  }
}

/** There is something of that name by now. */
const isTaken = new Set(['ENOTEMPTY', 'EEXIST', 'ENOTDIR']);

/** Gives back the folders that there are then, the outer ones first. */
async function writeFiles(root: string, files: ToolFiles, program: string): Promise<string[]> {
  const folders = new Set([root]);
  await mkdir(root, { mode: 0o700 });
  for (const [path, content] of files) {
    const names = path.split('/').slice(0, -1);
    for (const [index] of names.entries()) {
      const inner = join(root, ...names.slice(0, index + 1));
      if (folders.has(inner)) continue;
      await mkdir(inner, { mode: 0o700 });
      folders.add(inner);
    }
    await writeFile(join(root, path), content, path === program ? 0o555 : 0o444);
  }
  return [...folders];
}

async function writeFile(path: string, content: Uint8Array, mode: number): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    // The folder must not have its name before its files are on the disk.
    await file.sync();
    await file.chmod(mode);
  } finally {
    await file.close();
  }
}

async function removeAbandoned(parent: string): Promise<void> {
  const unnamed = (await readdir(parent)).filter((name) => name.startsWith('.'));
  for (const name of unnamed) {
    const folder = join(parent, name);
    const changed = await stat(folder).catch(() => undefined); // Another process was first.
    if (changed && Date.now() - changed.mtimeMs > abandonedAfterMs) await removeFolder(folder);
  }
}

/** Whoever may not write in a folder may not empty it either: it is opened first. */
async function removeFolder(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  await chmod(folder, 0o700).catch(() => undefined);
  for (const entry of entries) {
    if (entry.isDirectory()) await chmod(join(entry.parentPath, entry.name), 0o700).catch(() => undefined);
  }
  // What cannot be removed now has a name that is never loaded, and goes later.
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}
