import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../../domain/task.ts';
import { removeTree } from '../files/remove-tree.ts';
import { WorkspaceError } from '../workspace.ts';
import { forgetWorktree } from './administration.ts';
import { placeOfWorktree } from './place.ts';
import type { WorktreeSetting } from './setting.ts';
import { openUserRepository, type UserRepository } from './user-repository.ts';

/**
 * Deletes worktree and branch, and nothing else; safe to repeat. When the repository is gone only the worktree is deleted.
 * Throws `WorkspaceError` when the user has the branch checked out: without it their HEAD would point to nothing.
 */
export async function discardWork(setting: WorktreeSetting, workspace: string, repository: Repository): Promise<void> {
  const place = placeOfWorktree(setting.stateRoot, workspace, repository);
  const { path, branch } = repository;
  if (existsSync(join(path, '.git'))) {
    const user = await openUserRepository(setting, path);
    await requireLeft(user, branch, workspace);
    await forgetWorktree(user, place);
    const reference = `refs/heads/${branch}`;
    await rm(join(user.commonFolder, `${reference}.lock`), { force: true });
    await user.run(['update-ref', '-d', reference]);
  }
  await removeTree(workspace);
  await rm(place.index, { force: true });
  await rm(`${place.index}.lock`, { force: true });
  await rm(place.record, { force: true });
}

async function requireLeft(user: UserRepository, branch: string, workspace: string): Promise<void> {
  const listed = (await user.run(['worktree', 'list', '--porcelain', '-z'])).toString().split('\0\0');
  for (const worktree of listed) {
    const [place = '', ...lines] = worktree.split('\0');
    const folder = place.replace(/^worktree /, '');
    if (folder === workspace || !lines.includes(`branch refs/heads/${branch}`)) continue;
    throw new WorkspaceError(
      `${folder} has the branch ${branch} checked out`,
      'Check out another one there: git switch BRANCH',
    );
  }
}
