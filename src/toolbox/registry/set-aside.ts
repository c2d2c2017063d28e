import { readdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf, type Folder, inodeOf, isMissing } from './read-folder.ts';

/**
 * Renames a folder that is not what was adopted; gives back its new name. Undefined when something else has come to its place
 * since it was looked at: another process may have made it anew.
 *
 * @param inspect looks at a folder once more
 */
export async function setAside(
  folder: string,
  inode: string,
  inspect: (folder: string) => Promise<Folder>,
): Promise<string | undefined> {
  if ((await inodeOf(folder)) !== inode) return undefined;
  const aside = await freeName(folder);
  try {
    await rename(folder, aside);
  } catch (error) {
    if (isMissing(error) || ['ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) return undefined;
    throw error;
  }
  if ((await inspect(aside)).kind !== 'whole') return aside;
  // It was made anew between our two looks: back with it, unless there is one again.
  if ((await inodeOf(folder)) === undefined) await rename(aside, folder).catch(() => undefined);
  return undefined;
}

/** One that is not taken, with a number above all others. */
async function freeName(folder: string): Promise<string> {
  const start = `${basename(folder)}.edited-`;
  const names = await readdir(dirname(folder));
  const taken = names.filter((name) => name.startsWith(start)).map((name) => Number(name.slice(start.length)));
  const highest = Math.max(0, ...taken.filter(Number.isSafeInteger));
  return join(dirname(folder), `${start}${highest + 1}`);
}
