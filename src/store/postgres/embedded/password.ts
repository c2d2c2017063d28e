import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { hasCode, unless } from './file-errors.ts';
import type { Place } from './place.ts';

const bytes = 24;

/** The password of the server, made when there is none. Of several that make one at the same moment one wins. */
export async function passwordOf({ password: file }: Pick<Place, 'password'>): Promise<string> {
  const known = await unless(readFile(file, 'utf8'), 'ENOENT');
  if (known !== undefined) return known.trim();
  const made = randomBytes(bytes).toString('base64url');
  const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  await writeFile(draft, `${made}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    // Unlike a rename, a link never replaces the file of somebody faster.
    await link(draft, file);
    return made;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    return (await readFile(file, 'utf8')).trim();
  } finally {
    await rm(draft, { force: true });
  }
}
