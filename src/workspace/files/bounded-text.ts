import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';

/**
 * The beginning of a file as text, cut between two characters; undefined when there is no such file, when it cannot be read,
 * and when it is a link, a folder or a pipe.
 */
export async function beginningOf(path: string | Buffer, limitBytes: number): Promise<string | undefined> {
  // O_NOFOLLOW: a link out of the workspace would lead to a stranger's file. O_NONBLOCK: a pipe must not hold us.
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined; // There is none, or it is a link, or it cannot be read: then there is nothing to hand on.
  }
  try {
    const status = await file.stat();
    if (!status.isFile()) return undefined;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(limitBytes, status.size)), 0);
    return new StringDecoder('utf8').write(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}
