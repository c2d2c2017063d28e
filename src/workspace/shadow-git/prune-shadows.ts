import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskId } from '../../domain/identifiers.ts';
import { git } from '../git/git.ts';
import type { ShadowGit } from './repository.ts';

/** Objects that are younger may belong to a state that is being remembered at this moment. */
const prunedAfter = '1.day.ago';

/**
 * Forgets the states of tasks that are older and not kept, and gives the room that they took free. The states of other tasks
 * stay, and so do the repositories.
 */
export async function pruneShadows(
  { root, searchPath }: ShadowGit,
  { olderThan, keep }: { readonly olderThan: Date; readonly keep: readonly TaskId[] },
): Promise<void> {
  const kept: ReadonlySet<string> = new Set(keep);
  for (const name of await foldersIn(root)) {
    const gitFolder = join(root, name);
    const states = join(gitFolder, 'refs/spiral');
    let forgotten = 0;
    for (const task of await foldersIn(states)) {
      if (kept.has(task) || (await newestIn(join(states, task))) >= olderThan) continue;
      await rm(join(states, task), { recursive: true, force: true });
      forgotten += 1;
    }
    if (forgotten === 0) continue;
    const environment = { PATH: searchPath, GIT_DIR: gitFolder };
    // References stay files of their own: their age is read from them.
    const settings = [['gc.packRefs', 'false'] as const];
    await git({ args: ['gc', '--quiet', `--prune=${prunedAfter}`], environment, cwd: gitFolder, settings });
  }
}

async function newestIn(folder: string): Promise<Date> {
  let newest = new Date(0);
  for (const name of await readdir(folder)) {
    const status = await lstat(join(folder, name)).catch(() => undefined); // Forgotten meanwhile.
    if (status && status.mtime > newest) newest = status.mtime;
  }
  return newest;
}

async function foldersIn(path: string): Promise<string[]> {
  const status = await lstat(path).catch(() => undefined);
  if (!status?.isDirectory()) return [];
  const entries = await readdir(path, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
