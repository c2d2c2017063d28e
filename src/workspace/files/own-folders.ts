import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workspaces } from '../workspace.ts';
import { removeTree } from './remove-tree.ts';

/** Under the state root, one for each task that was given no folder. */
export const ownFolders = 'workspaces';

/** @param stateRoot absolute, after symlinks */
export function openOwnFolders(stateRoot: string): Workspaces['own'] {
  const folderOf = (task: string) => join(stateRoot, ownFolders, task);
  return {
    async open(task) {
      const path = folderOf(task);
      await mkdir(path, { recursive: true, mode: 0o700 });
      return { path };
    },
    discard: (task) => removeTree(folderOf(task)),
  };
}
