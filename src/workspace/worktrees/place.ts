import { basename, dirname, join } from 'node:path';
import type { TaskId } from '../../domain/identifiers.ts';
import type { Repository } from '../../domain/task.ts';
import { WorkspaceError } from '../workspace.ts';

/** Everything that belongs to one worktree and lies under the state root, where no agent can reach it but for `workspace`. */
export type Place = {
  readonly task: TaskId;
  readonly workspace: string;
  /** What we know of the files of the worktree; git's own index of it is within reach of an agent that is not confined. */
  readonly index: string;
  /** Written when the worktree is ready to be worked in. */
  readonly record: string;
};

export function worktreesFolder(stateRoot: string): string {
  return join(stateRoot, 'worktrees');
}

export function placeOf(stateRoot: string, task: TaskId): Place {
  const workspace = join(worktreesFolder(stateRoot), task);
  return { task, workspace, index: `${workspace}.index`, record: `${workspace}.json` };
}

export function branchOf(task: TaskId): string {
  return `spiral/${task}`;
}

/** The place of a worktree of ours. Throws `WorkspaceError` for any other folder, and for any other branch. */
export function placeOfWorktree(stateRoot: string, workspace: string, { branch }: Repository): Place {
  const task = basename(workspace) as TaskId;
  const isOurs = dirname(workspace) === worktreesFolder(stateRoot) && isTaskId(task) && branch === branchOf(task);
  if (isOurs) return placeOf(stateRoot, task);
  throw new WorkspaceError(
    `${workspace} with the branch ${branch} is no worktree of Spiral's`,
    'Look at the task again.',
  );
}

function isTaskId(name: string): name is TaskId {
  return /^[0-9a-z]+$/.test(name);
}
