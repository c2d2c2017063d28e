import type { Worktrees } from '../workspace.ts';
import type { WorktreeSetting } from './setting.ts';

/**
 * Worktrees under the state root, driven by git. An agent that is confined to one can write neither to the repository nor to
 * our own files, so git commands of its own fail there; we commit for it.
 */
export function openWorktrees(setting: WorktreeSetting): Worktrees {
  // Loaded when a task works for a repository; most do not.
  return {
    async plan(repository, task) {
      const { planWork } = await import('./plan.ts');
      return planWork(setting, repository, task);
    },
    async make(workspace, repository, _task, setup, signal) {
      const { makeWorktree } = await import('./make.ts');
      return makeWorktree(setting, workspace, repository, setup, signal);
    },
    async commit(workspace, repository, message) {
      const { commitWork } = await import('./commit.ts');
      return commitWork(setting, workspace, repository, message);
    },
    async diff(workspace, repository) {
      const { diffOfWork } = await import('./diff.ts');
      return diffOfWork(setting, workspace, repository);
    },
    async merge(workspace, repository, message) {
      const { mergeWork } = await import('./merge.ts');
      return mergeWork(setting, workspace, repository, message);
    },
    async discard(workspace, repository) {
      const { discardWork } = await import('./discard.ts');
      return discardWork(setting, workspace, repository);
    },
  };
}
