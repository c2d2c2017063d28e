import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ToolFiles, ToolVersion } from '../../domain/tool.ts';
import { ToolNotLoadable } from '../registry.ts';
import { makeFolder } from './make-folder.ts';
import { codeOf, inodeOf, inspectFolder } from './read-folder.ts';
import { setAside } from './set-aside.ts';

/** Only somebody who edits it again and again can have it looked at more often. */
const mostLooks = 5;

/**
 * The folder of a version with exactly what was adopted, made when it is missing. Throws `ToolNotLoadable`.
 *
 * @param root of all tools
 * @param filesOf gives the contents that were adopted
 * @param onProblem told of what was found changed and where it lies now
 */
export async function folderOf(
  root: string,
  { manifest, digest }: Pick<ToolVersion, 'manifest' | 'digest'>,
  filesOf: () => Promise<ToolFiles>,
  onProblem: (problem: string) => void,
): Promise<string> {
  const { name, version, entry } = manifest;
  const parent = join(root, name);
  const folder = join(parent, version);
  try {
    for (let look = 1; look <= mostLooks; look += 1) {
      await clearParent(parent, name, onProblem);
      const found = await inspectFolder(folder, digest);
      if (found.kind === 'whole') return folder;
      if (found.kind === 'missing') {
        await makeFolder(folder, await filesOf(), entry);
        continue;
      }
      const aside = await setAside(folder, found.inode, (other) => inspectFolder(other, digest));
      if (aside !== undefined)
        onProblem(`the folder of the tool ${name} ${version} is not what was adopted; it lies in ${aside} now`);
    }
  } catch (error) {
    const known = reasons[codeOf(error)];
    if (known === undefined) throw error;
    throw new ToolNotLoadable(
      name,
      version,
      `${folder} cannot be used: ${known}`,
      `Look at ${parent}, then try again.`,
      {
        cause: error,
      },
    );
  }
  throw new ToolNotLoadable(name, version, `${folder} changes all the time`, `Find out who writes to ${parent}.`);
}

/** What is in the place of the folder of all versions, and is none, is set aside as well. */
async function clearParent(parent: string, name: string, onProblem: (problem: string) => void): Promise<void> {
  const inode = await inodeOf(parent);
  if (inode === undefined || (await lstat(parent)).isDirectory()) return;
  const aside = await setAside(parent, inode, async () => ({ kind: 'edited', inode }));
  if (aside !== undefined)
    onProblem(`the folder of the tool ${name} was replaced by something else; it lies in ${aside} now`);
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'no space is left to this user on the disk',
  EFBIG: 'files may not be so large here',
  EROFS: 'the disk can only be read',
  EACCES: 'a right is missing',
  EPERM: 'a right is missing',
  EIO: 'the disk fails',
  ENOENT: 'it is taken away while it is made',
  ENOTDIR: 'there is a file where a folder should be',
  ELOOP: 'a link was put into it while it was read',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
};
