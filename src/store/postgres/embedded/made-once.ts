import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { unless } from './file-errors.ts';

/**
 * The content of a private file, which is made when there is none: wholly or not at all, however its maker ends. Of several
 * processes that make one at the same moment one wins, and all get the same.
 */
export async function madeOnce(file: string, make: () => string): Promise<string> {
  const known = await unless(readFile(file, 'utf8'), 'ENOENT');
  if (known !== undefined) return known.trim();
  const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(draft, `${make()}\n`, { mode: 0o600, flag: 'wx', flush: true });
    // Unlike a rename, a link never replaces the file of somebody faster.
    await unless(link(draft, file), 'EEXIST');
  } finally {
    await rm(draft, { force: true });
  }
  return (await readFile(file, 'utf8')).trim();
}
