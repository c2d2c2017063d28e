import type { TaskReport } from '../../spiral/reports.ts';
import type { Spiral } from '../../spiral.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { plainText } from '../plain-text.ts';
import { UsageError } from '../usage-error.ts';
import { findTask } from './find-task.ts';
import { withSystem } from './open-system.ts';

/** A task that works on a branch of a repository. */
type BranchTask = TaskReport & { readonly repository: NonNullable<TaskReport['repository']> };

/** `spiral tasks diff ID`: the work as a unified diff, byte for byte where another program reads it. */
export async function showDiff(id: string, context: CommandContext): Promise<number> {
  return withSystem(context, async (spiral) => {
    const task = await findBranchTask(spiral, id, 'diff');
    const diff = await spiral.diff(task.id);
    if (diff === '') process.stderr.write(`ℹ️  Task ${task.id} changed nothing.\n`);
    process.stdout.write(process.stdout.isTTY ? plainText(diff) : diff);
    return exitCodes.succeeded;
  });
}

/** `spiral tasks merge ID`: hands the work over to what the repository has checked out. */
export async function mergeTask(id: string, context: CommandContext): Promise<number> {
  return withSystem(context, async (spiral) => {
    const task = await findBranchTask(spiral, id, 'merge');
    refuseUnfinished(task, 'merged');
    const { outcome, repository } = task;
    if (!outcome?.verified) {
      process.stderr.write(`⚠️  This work is NOT verified: ${plainText(outcome?.reason ?? 'no tests proved it')}\n`);
    }
    const merged = await spiral.merge(task.id);
    switch (merged.kind) {
      case 'merged':
        process.stdout.write(`✅ Merged ${repository.branch} into ${merged.into}: ${merged.commit}\n`);
        return exitCodes.succeeded;
      case 'nothing-to-merge':
        process.stdout.write(`ℹ️  ${repository.branch} holds nothing to merge.\n`);
        return exitCodes.succeeded;
      case 'refused':
        process.stderr.write(`❌ ${plainText(merged.problem)}\n   ${plainText(merged.cure)}\n`);
        return exitCodes.failed;
    }
  });
}

/** `spiral tasks discard ID`: deletes the worktree and the branch, and says so. */
export async function discardTask(id: string, context: CommandContext): Promise<number> {
  return withSystem(context, async (spiral) => {
    const task = await findBranchTask(spiral, id, 'discard');
    refuseUnfinished(task, 'discarded');
    await spiral.discard(task.id);
    process.stdout.write(
      `🗑️  Deleted the worktree ${task.workspace} and the branch ${task.repository.branch} of ${task.repository.path}.\n`,
    );
    return exitCodes.succeeded;
  });
}

async function findBranchTask(spiral: Spiral, id: string, command: 'diff' | 'merge' | 'discard'): Promise<BranchTask> {
  const task = await findTask(spiral, id);
  refusePart(task, command);
  const { repository } = task;
  if (repository) return { ...task, repository };
  throw new UsageError(
    `Task ${task.id} has no repository: it worked in ${task.workspace} itself.`,
    'For work on a branch of its own, give the task with --repo.',
  );
}

/** All phases of a project share one branch: a single one has none that could be shown, merged or deleted. */
function refusePart({ id, project }: TaskReport, command: string): void {
  if (project === undefined) return;
  throw new UsageError(
    `Task ${id} is a part of project ${project}, whose tasks share one workspace.`,
    `Give the id of the project: spiral tasks ${command} ${project}`,
  );
}

function refuseUnfinished({ id, state }: TaskReport, what: string): void {
  if (state.kind === 'finished') return;
  throw new UsageError(
    `Task ${id} is not over, so that its work cannot be ${what}.`,
    `End it first: spiral stop ${id}`,
  );
}
