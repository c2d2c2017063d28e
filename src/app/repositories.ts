import type { TaskId } from '../domain/identifiers.ts';
import type { MergeResult } from '../domain/merge-result.ts';
import { SpiralError } from '../spiral.ts';
import type { Store, TaskSummary } from '../store/store.ts';
import { commitMessageOf } from '../workflows/run-task/finish-task.ts';
import type { Workspaces } from '../workspace/workspace.ts';

type Needs = { readonly store: Store; readonly workspaces: Pick<Workspaces, 'worktrees'> };

type Worked = TaskSummary & { readonly repository: NonNullable<TaskSummary['repository']> };

/** The work of a task in its repository as a unified diff. */
export async function diffOf(id: TaskId, { store, workspaces }: Needs): Promise<string> {
  const task = await workedIn(id, store);
  return workspaces.worktrees.diff(task.workspace, task.repository);
}

export async function mergeWork(id: TaskId, { store, workspaces }: Needs): Promise<MergeResult> {
  const task = await workedIn(id, store);
  if (task.state.kind !== 'finished') return notOver(task);
  // Nothing of it may be lost, also when it could not be committed at the end of the task.
  await workspaces.worktrees.commit(task.workspace, task.repository, commitMessageOf(task));
  const message = `Merge ${commitMessageOf(task)}`;
  const result = await workspaces.worktrees.merge(task.workspace, task.repository, message);
  if (result.kind === 'merged') await store.tasks.releaseWorktree(id);
  return result;
}

export async function discardWork(id: TaskId, { store, workspaces }: Needs): Promise<void> {
  const task = await workedIn(id, store);
  if (task.state.kind !== 'finished') {
    const { problem, cure } = notOver(task);
    throw new SpiralError('usage', problem, cure);
  }
  await workspaces.worktrees.discard(task.workspace, task.repository);
  await store.tasks.releaseWorktree(id);
}

function notOver({ id }: TaskSummary) {
  return {
    kind: 'refused',
    problem: `Task ${id} is not over.`,
    cure: `Wait for its end, or stop it: spiral stop ${id}`,
  } as const;
}

async function workedIn(id: TaskId, store: Store): Promise<Worked> {
  const task = await store.tasks.get(id);
  if (task?.repository) return { ...task, repository: task.repository };
  throw new SpiralError(
    'usage',
    `Task ${id} did not work in a repository.`,
    'Its files are in its workspace. To work on a branch of a repository, give the task with --repo.',
  );
}
