import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { bytePath, bytesOf, joined } from './byte-path.ts';

/**
 * Deletes a folder with all that is in it; links are deleted and never followed. Also folders that whoever worked there made
 * read-only, as some package managers do.
 */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch {
    await openFolders(Buffer.from(path));
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function openFolders(path: Buffer): Promise<void> {
  const status = await lstat(path).catch(() => undefined);
  if (!status?.isDirectory()) return;
  await chmod(path, 0o700).catch(() => undefined); // Not ours: then the deletion tells.
  for (const name of await readdir(path, { encoding: 'buffer' })) {
    await openFolders(bytesOf(joined(bytePath(path), bytePath(name))));
  }
}
