import type { Workspaces } from '../workspace.ts';
import { openInside } from './open-inside.ts';

type Contents = Awaited<ReturnType<Workspaces['contents']>>;

/** See `Workspaces.contents`. A file that grows meanwhile is read no further than it was allowed to be. */
export async function contentsOf(workspace: string, path: string, mostBytes: number): Promise<Contents> {
  const file = await openInside(workspace, path);
  if (!file) return { kind: 'no-file' };
  try {
    const status = await file.stat();
    // A second name of a file may belong to one that lies outside.
    if (!status.isFile() || status.nlink > 1) return { kind: 'no-file' };
    if (status.size > mostBytes) return { kind: 'too-large' };
    const buffer = Buffer.alloc(status.size);
    let read = 0;
    while (read < buffer.length) {
      const { bytesRead } = await file.read(buffer, read, buffer.length - read, read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return { kind: 'file', content: buffer.subarray(0, read) };
  } catch {
    return { kind: 'no-file' }; // It cannot be read, so nobody can be shown it.
  } finally {
    await file.close();
  }
}
