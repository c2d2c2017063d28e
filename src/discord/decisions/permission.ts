import type { TaskId } from '../../domain/identifiers.ts';
import type { Question, QuestionKind } from '../../domain/question.ts';

/** Who acts, as it was found out from Discord and the settings, never from what they wrote. */
export type Actor = {
  readonly id: string;
  readonly isApprover: boolean;
  /** Whether a task was asked for by them. */
  readonly isOwner: (taskId: TaskId) => Promise<boolean>;
};

/** What costs, widens rights or gives everybody a tool. */
const forApprovers: ReadonlySet<QuestionKind> = new Set([
  'grant',
  'allocation',
  'permission',
  'tool-request',
  'adoption',
  'retirement',
]);

export function mayAnswer({ kind }: Pick<Question, 'kind'>, { isApprover }: Pick<Actor, 'isApprover'>): boolean {
  return isApprover || !forApprovers.has(kind);
}

export async function mayStop(task: TaskId | 'all', { isApprover, isOwner }: Actor): Promise<boolean> {
  return isApprover || (task !== 'all' && (await isOwner(task)));
}

export const onlyApprovers = 'Only an approver may do that: they are named in discord.approvers.';
