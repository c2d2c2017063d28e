import { constants } from 'node:fs';
import { type FileHandle, lstat, open, stat } from 'node:fs/promises';

/** What a file holds, or why nothing was read. Whatever lies in a workspace is a stranger's: it may be a pipe, a link, or endless. */
export type FileText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'unreadable' };

/**
 * Reads a regular file or what a link to one leads to, without ever waiting for a pipe.
 *
 * @param limit in bytes; a file beyond it is not read at all
 */
export async function readBounded(path: string, limit: number): Promise<FileText> {
  let file: FileHandle;
  try {
    if (!(await stat(path)).isFile()) return { kind: 'unreadable' };
    // It may have become a pipe since.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return { kind: isMissing(error) ? 'absent' : 'unreadable' };
  }
  try {
    const status = await file.stat();
    if (!status.isFile()) return { kind: 'unreadable' };
    if (status.size > limit) return { kind: 'too-large' };
    return await readUpTo(file, limit);
  } finally {
    await file.close();
  }
}

/** The text of a regular file within the limit, or undefined for every other thing. */
export async function textOf(path: string, limit: number): Promise<string | undefined> {
  const content = await readBounded(path, limit);
  return content.kind === 'text' ? content.text : undefined;
}

/** Whether there is a regular file at this path, or a link to one. */
export async function isRegularFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false; // Absent, or in a folder that we may not look into: either way not ours to read.
  }
}

/** Whether there is a folder at this path, links not counted. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory();
  } catch {
    return false; // Likewise.
  }
}

/** A file may grow while it is read, so its size alone bounds nothing. */
async function readUpTo(file: FileHandle, limit: number): Promise<FileText> {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(64 * 1024) });
    if (bytesRead === 0) return { kind: 'text', text: Buffer.concat(chunks).toString('utf8') };
    total += bytesRead;
    if (total > limit) return { kind: 'too-large' };
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
