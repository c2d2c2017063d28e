import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';

/**
 * Opens what a relative path of the workspace leads to, for reading; undefined when that lies outside, or cannot be opened.
 * Links are followed as long as they stay inside. Whether it is a file is for the caller to see.
 */
export async function openInside(workspace: string, path: string): Promise<FileHandle | undefined> {
  if (path === '' || path.includes('\0') || isAbsolute(path) || path.split(/[\\/]/).includes('..')) return undefined;
  try {
    const root = await realpath(workspace);
    const real = await realpath(join(root, path));
    if (!real.startsWith(`${root}${sep}`)) return undefined;
    // O_NONBLOCK: a pipe must not hold us. O_NOFOLLOW: it was no link a moment ago.
    return await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined; // There is none, or it cannot be read: both answer the question.
  }
}
