import type { TaskReport } from '../../spiral/reports.ts';
import type { Spiral } from '../../spiral.ts';
import type { CommandReply } from './reply.ts';

/** `/merge`: hands the work of a task over to what its repository has checked out. */
export async function mergeOf(task: TaskReport, spiral: Pick<Spiral, 'merge'>): Promise<CommandReply> {
  const { id, project, repository, state, outcome } = task;
  if (project !== undefined) return refused(`Task ${id} is a part of project ${project}: merge that one.`);
  if (!repository) return refused(`Task ${id} has no repository: its work is in its folder.`);
  if (state.kind !== 'finished') return refused(`Task ${id} is not over, so that its work cannot be merged.`);
  const merged = await spiral.merge(id);
  switch (merged.kind) {
    case 'merged': {
      const warning = outcome?.verified ? '' : '\n⚠️ This work is NOT verified.';
      return said(`✅ Merged ${repository.branch} into ${merged.into}: ${merged.commit}${warning}`);
    }
    case 'nothing-to-merge':
      return said(`ℹ️ ${repository.branch} holds nothing to merge.`);
    case 'refused':
      return refused(`${merged.problem} ${merged.cure}`);
  }
}

/** Everybody in the channel sees what came into the repository. */
function said(content: string): CommandReply {
  return { kind: 'reply', message: { content }, isPrivate: false };
}

function refused(problem: string): CommandReply {
  return { kind: 'refused', problem };
}
