import { readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { copyIndex } from '../git/copy-index.ts';
import type { Place } from './place.ts';
import type { UserRepository } from './user-repository.ts';

/**
 * The folder in which the repository keeps what it knows of a worktree: HEAD, index, log. It is found from the side of the
 * repository, because the `.git` file of the worktree can be rewritten by whoever works there.
 */
export async function administrationOf(repository: UserRepository, place: Place): Promise<string | undefined> {
  const all = join(repository.commonFolder, 'worktrees');
  for (const name of await readdir(all).catch(() => [])) {
    const points = await readFile(join(all, name, 'gitdir'), 'utf8').catch(() => '');
    if (points.trim() === join(place.workspace, '.git')) return join(all, name);
  }
  return undefined;
}

/** Makes the repository forget the worktree, also one that was only half made. */
export async function forgetWorktree(repository: UserRepository, place: Place): Promise<void> {
  const known = await administrationOf(repository, place);
  if (known) await rm(known, { recursive: true, force: true });
  const all = join(repository.commonFolder, 'worktrees');
  const begun = join(all, place.task);
  // Killed before git wrote where the worktree lies. With a place written it is somebody else's of the same name.
  const points = await readFile(join(begun, 'gitdir'), 'utf8').catch(() => '');
  if (points.trim() === '') await rm(begun, { recursive: true, force: true });
  await rmdir(all).catch(() => undefined); // Not empty: the user has worktrees too.
}

/** Lets the index that a person sees in the worktree agree with what was committed. */
export async function showIndex(repository: UserRepository, place: Place): Promise<void> {
  const folder = await administrationOf(repository, place);
  if (!folder) return;
  await copyIndex(place.index, join(folder, 'index.spiral'));
  await rename(join(folder, 'index.spiral'), join(folder, 'index'));
}
