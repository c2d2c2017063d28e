import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beginningOf } from './bounded-text.ts';

/** As much of a CLAUDE.md as is handed on; a longer one would crowd out the task. */
const instructionsLimit = 24_000;

/** The beginning of the workspace's CLAUDE.md, as text; undefined when there is none. */
export async function instructionsOf(workspace: string): Promise<string | undefined> {
  for (const name of ['CLAUDE.md', '.claude/CLAUDE.md']) {
    const path = join(workspace, name);
    if (!(await isFolder(dirname(path)))) continue;
    const text = await beginningOf(path, instructionsLimit);
    if (text !== undefined && text.trim() !== '') return text;
  }
  return undefined;
}

/** A folder itself, not a link to one, which might lead out of the workspace. */
async function isFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
