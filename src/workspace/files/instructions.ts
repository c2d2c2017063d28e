import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

/** As much of a CLAUDE.md as is handed on; a longer one would crowd out the task. */
const instructionsLimit = 24_000;

/** The beginning of the workspace's CLAUDE.md, as text; undefined when there is none. */
export async function instructionsOf(workspace: string): Promise<string | undefined> {
  for (const name of ['CLAUDE.md', '.claude/CLAUDE.md']) {
    const text = await beginningOf(join(workspace, name));
    if (text !== undefined && text.trim() !== '') return text;
  }
  return undefined;
}

async function beginningOf(path: string): Promise<string | undefined> {
  // O_NOFOLLOW: a link out of the workspace would hand a stranger's file to the model. O_NONBLOCK: a pipe must not hold us.
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined; // There is none, or it is a link, or it cannot be read: then there is nothing to hand on.
  }
  try {
    if (!(await file.stat()).isFile()) return undefined;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(instructionsLimit), 0, instructionsLimit, 0);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await file.close();
  }
}
