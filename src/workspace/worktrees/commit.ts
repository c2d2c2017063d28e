import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../../domain/task.ts';
import { WorkspaceError } from '../workspace.ts';
import { showIndex } from './administration.ts';
import { type Place, placeOfWorktree } from './place.ts';
import type { WorktreeSetting } from './setting.ts';
import { requireIndex, treeOf } from './state.ts';
import { commitAt, openUserRepository, type UserRepository } from './user-repository.ts';

/** Commits what is in the worktree to its branch, whatever its `.git` says. False when nothing had changed. */
export async function commitWork(
  setting: WorktreeSetting,
  workspace: string,
  repository: Repository,
  message: string,
): Promise<boolean> {
  const place = placeOfWorktree(setting.stateRoot, workspace, repository);
  return commitTo(await openUserRepository(setting, repository.path), place, repository, message);
}

export async function commitTo(
  user: UserRepository,
  place: Place,
  { branch }: Repository,
  message: string,
): Promise<boolean> {
  const reference = `refs/heads/${branch}`;
  const tip = await tipOf(user, branch);
  await requireIndex(user, place, place.index, tip);
  const tree = await treeOf(user, place, place.index);
  const treeOfTip = await user.runOnHistory(['rev-parse', '--verify', `${tip}^{tree}`]);
  const hasChanged = tree !== treeOfTip.toString().trim();
  if (hasChanged) {
    const commit = await newCommit(user, tree, [tip], message);
    await rm(join(user.commonFolder, `${reference}.lock`), { force: true });
    // The old value: somebody else's commit on the branch must not be lost.
    await user.run(['update-ref', '-m', 'spiral: commit', reference, commit, tip]);
  }
  // Also without a change: a kill may have come between the commit and this.
  await showIndex(user, place);
  return hasChanged;
}

/** The newest commit of a task's branch. Throws `WorkspaceError` when the branch is gone. */
export async function tipOf(user: UserRepository, branch: string): Promise<string> {
  const tip = await commitAt(user, `refs/heads/${branch}`);
  if (tip) return tip;
  throw new WorkspaceError(`there is no branch ${branch} in ${user.path}`, 'Nothing was done yet, or it was deleted.');
}

export async function newCommit(
  user: UserRepository,
  tree: string,
  parents: readonly string[],
  message: string,
): Promise<string> {
  const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-'];
  const settings = [
    ...user.configuration.settings,
    ['i18n.commitEncoding', 'UTF-8'] as const,
    ['core.bare', 'true'] as const,
  ];
  return (await user.runOnHistory(args, { input: message, settings })).toString().trim();
}
