import { copyFile, stat, utimes } from 'node:fs/promises';

/**
 * Copies an index together with its age. Git takes a file for unchanged when its times are those of its entry, unless the
 * entry is as young as the index: an index that looks younger than it is hides what was changed within the same second.
 */
export async function copyIndex(from: string, to: string): Promise<void> {
  const { atime, mtimeMs } = await stat(from);
  await copyFile(from, to);
  await utimes(to, atime, new Date(Math.floor(mtimeMs)));
}
