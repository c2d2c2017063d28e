import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskId } from '../../domain/identifiers.ts';
import { type AttachedFile, type Attachments, WorkspaceError } from '../workspace.ts';
import { safeNames } from './safe-names.ts';

const folderName = 'attachments';
const ownMode = 0o600;

/** Git then sees nothing of the folder, this file included. */
const ignoreAll = { name: '.gitignore', text: '*\n' };

/**
 * What came with a task waits in `attachments/ID` under the state root, and is put into `attachments/ID` of the workspace
 * when its work begins: a worktree is not there before, and in a folder another task may be at work.
 */
export function openAttachments(stateRoot: string): Attachments {
  const keptIn = (task: TaskId) => join(stateRoot, folderName, task);
  return {
    async keep(task, files) {
      const folder = keptIn(task);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const names = safeNames(files.map(({ name }) => name));
      for (const [index, name] of names.entries()) await write(folder, name, contentOf(files, index));
      return names.map((name) => `${folderName}/${task}/${name}`);
    },
    async put(workspace, task) {
      const kept = keptIn(task);
      const outer = await realFolder(workspace, folderName);
      const folder = await realFolder(outer, task);
      await write(folder, ignoreAll.name, Buffer.from(ignoreAll.text));
      for (const name of (await readdir(kept)).filter((one) => !one.endsWith(draft))) {
        await write(folder, name, await readFile(join(kept, name)));
      }
    },
    discard: (task) => rm(keptIn(task), { recursive: true, force: true }),
  };
}

const draft = '.spiral-draft';

/** Whole or not at all, and in the place of whatever has the name: a link there is replaced, never followed. */
async function write(folder: string, name: string, content: Uint8Array): Promise<void> {
  const path = join(folder, name);
  const part = `${path}${draft}`;
  await rm(part, { force: true });
  await writeFile(part, content, { flag: 'wx', mode: ownMode, flush: true });
  await rename(part, path);
}

/** Makes a folder, and refuses what only leads to one: a link could lead out of the workspace. */
async function realFolder(parent: string, name: string): Promise<string> {
  const path = join(parent, name);
  await mkdir(path).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  if ((await lstat(path)).isDirectory()) return path;
  throw new WorkspaceError(
    `${path} is no folder, so that the files that came with the task have no place`,
    'Rename it, and give the task again.',
  );
}

function contentOf(files: readonly AttachedFile[], index: number): Uint8Array {
  return files[index]?.content ?? new Uint8Array();
}
