import type { Histories } from '../workspace.ts';
import type { HistorySetting } from './setting.ts';

/**
 * Git histories of projects that began in an empty folder. An agent works in that folder and may have done anything to the
 * `.git` in it: git never runs on it as its repository. Commits are made under the state root and brought there as files.
 */
export function openHistories(setting: HistorySetting): Histories {
  // Loaded when a project begins; most tasks belong to none.
  return {
    async begin(workspace) {
      const { beginHistory } = await import('./begin.ts');
      return beginHistory(setting, workspace);
    },
    async commit(workspace, task, state, message) {
      const { commitState } = await import('./commit.ts');
      return commitState(setting, workspace, task, state, message);
    },
  };
}
