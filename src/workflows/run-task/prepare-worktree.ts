import type { Task } from '../../domain/task.ts';
import type { RunTaskNeeds, StepContext } from './needs.ts';

/**
 * Makes the worktree of a task that works for a repository, and makes it usable; and puts the files that came with the task
 * into its workspace.
 *
 * @returns the task when it ended because its worktree cannot be used
 */
export async function prepareWorktree(
  task: Task,
  needs: RunTaskNeeds,
  context: StepContext,
): Promise<Task | undefined> {
  const unusable = await makeWorktree(task, needs, context);
  if (unusable || context.signal.aborted) return unusable;
  if (task.attachments) await needs.workspaces.attachments.put(task.workspace, task.id);
  return undefined;
}

async function makeWorktree(
  task: Task,
  { store, workspaces, setup }: RunTaskNeeds,
  { writer, signal }: StepContext,
): Promise<Task | undefined> {
  if (!task.repository) return undefined;
  const made = await workspaces.worktrees.make(task.workspace, task.repository, task.id, setup, signal);
  if (!made.setup || signal.aborted) return undefined;
  const { exitCode, output } = made.setup;
  const title = setup.command ?? 'setup';
  await store.tasks.append(writer, [], [{ round: 0, key: 'setup', kind: 'command', title, text: output }]);
  if (exitCode === 0) return undefined;
  const how = exitCode === null ? 'did not end by itself' : `ended with exit code ${exitCode}`;
  const reason = `the setup command of the repository ${how}: ${title}`;
  return store.tasks.advance(writer, { kind: 'ended', ending: { status: 'failed', verified: false, reason } }, []);
}
