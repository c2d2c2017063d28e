import type { FileHandle } from 'node:fs/promises';
import { openInside } from './open-inside.ts';

/** Nobody means a line beyond it, and a file with holes could be read for ever. */
const mostReadBytes = 256 * 1024 * 1024;
const chunkBytes = 64 * 1024;
const newline = 0x0a;

/**
 * Whether a relative path leads to a regular file of the workspace that is not empty and, with a line, has at least that
 * many. Links are followed as long as they stay inside. Nothing that is no such file is ever waited for.
 */
export async function hasFileAt(workspace: string, path: string, line?: number): Promise<boolean> {
  const file = await openInside(workspace, path);
  if (!file) return false;
  try {
    const status = await file.stat();
    if (!status.isFile() || status.size === 0) return false;
    return line === undefined || (await hasLine(file, line));
  } catch {
    return false; // What cannot be read has no line that anybody could look at.
  } finally {
    await file.close();
  }
}

async function hasLine(file: FileHandle, line: number): Promise<boolean> {
  if (!Number.isInteger(line) || line < 1) return false;
  const chunk = Buffer.alloc(chunkBytes);
  let current = 1;
  for (let position = 0; position < mostReadBytes; ) {
    const { bytesRead } = await file.read(chunk, 0, chunkBytes, position);
    if (bytesRead === 0) return false;
    position += bytesRead;
    const read = chunk.subarray(0, bytesRead);
    for (let start = 0; start < bytesRead; ) {
      // A byte of this line is there.
      if (current === line) return true;
      const end = read.indexOf(newline, start);
      if (end < 0) break;
      current += 1;
      start = end + 1;
    }
  }
  return false;
}
