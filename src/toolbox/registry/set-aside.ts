import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf, type Folder, inodeOf, isMissing } from './read-folder.ts';

/** Of what was set aside in a place; older ones are removed. */
const mostKept = 3;

/**
 * Renames a folder that is not what was adopted; gives back its new name. Undefined when something else has come to its place
 * since it was looked at: another process may have made it anew. The newest three of a place are kept.
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
  if ((await inspect(aside)).kind !== 'whole') {
    await removeOld(folder);
    return aside;
  }
  // It was made anew between our two looks: back with it, unless there is one again.
  if ((await inodeOf(folder)) === undefined) await rename(aside, folder).catch(() => undefined);
  return undefined;
}

/** One that is not taken, with a number above all others. */
async function freeName(folder: string): Promise<string> {
  return nameOf(folder, Math.max(0, ...(await numbersBeside(folder))) + 1);
}

/** What cannot be removed stays: somebody closed it, or looks into it. The next time it is tried again. */
async function removeOld(folder: string): Promise<void> {
  const numbers = (await numbersBeside(folder)).sort((one, other) => other - one);
  for (const number of numbers.slice(mostKept))
    await rm(nameOf(folder, number), { recursive: true, force: true }).catch(() => undefined);
}

const nameOf = (folder: string, number: number) => join(dirname(folder), `${basename(folder)}.edited-${number}`);

/** Only of names that are ours: what a person renamed is never touched. */
async function numbersBeside(folder: string): Promise<number[]> {
  const start = `${basename(folder)}.edited-`;
  const ends = (await readdir(dirname(folder))).flatMap((name) =>
    name.startsWith(start) ? name.slice(start.length) : [],
  );
  return ends
    .filter((end) => /^[1-9]\d*$/.test(end))
    .map(Number)
    .filter(Number.isSafeInteger);
}
