import { existsSync } from 'node:fs';
import type { Repository } from '../../domain/task.ts';
import { tipOf } from './commit.ts';
import { placeOfWorktree } from './place.ts';
import type { WorktreeSetting } from './setting.ts';
import { treeAside } from './state.ts';
import { openUserRepository } from './user-repository.ts';

/** More than a person reads, and less than a terminal or a string can hold. */
const mostBytes = 64 * 1024 * 1024;

/**
 * The whole work, committed or not, as a unified diff against the base. What a `.gitattributes` of the worktree says does not
 * count: it could hide what was done.
 */
export async function diffOfWork(setting: WorktreeSetting, workspace: string, repository: Repository): Promise<string> {
  const place = placeOfWorktree(setting.stateRoot, workspace, repository);
  const user = await openUserRepository(setting, repository.path);
  const after =
    existsSync(workspace) && existsSync(place.record)
      ? await treeAside(setting, user, place, repository)
      : await tipOf(user, repository.branch);
  const plain = ['--no-color', '--no-ext-diff', '--no-textconv', '--src-prefix=a/', '--dst-prefix=b/'];
  const { base } = repository;
  const args = ['diff-tree', '-p', '-r', '--find-renames', '--submodule=short', ...plain, base, after];
  const printed = await user.runOnHistory(args, { outputBytes: mostBytes });
  const text = printed.toString();
  return printed.length < mostBytes ? text : `${text}\n… the diff is longer than ${mostBytes / 1024 / 1024} MB …\n`;
}
