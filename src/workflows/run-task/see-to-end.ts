import type { TaskId } from '../../domain/identifiers.ts';
import type { TaskOutcome } from '../../domain/outcome.ts';
import type { Task } from '../../domain/task.ts';
import type { ResumedState, Wait } from '../../domain/task-state.ts';
import { LeaseLost } from '../../store/store.ts';
import { type RunTaskNeeds, type StepContext, StepInterrupted } from './needs.ts';

export type SeenToEnd =
  | { readonly kind: 'over'; readonly outcome: TaskOutcome }
  /** Nothing more can be done for now; this is how the task stands then. */
  | { readonly kind: 'stands'; readonly task: Task };

/**
 * Sees another task, which this one has made, to its end. While that waits this one waits with it.
 *
 * @param resume where this one goes on then
 */
export async function seeToEnd(
  task: Task,
  other: TaskId,
  resume: ResumedState,
  { store }: Pick<RunTaskNeeds, 'store'>,
  { writer, signal, driveOther }: StepContext,
): Promise<SeenToEnd> {
  const end = await driveOther(other);
  if (signal.reason === 'lease-lost') throw new LeaseLost(task.id);
  if (end === 'finished') {
    const outcome = await store.tasks.outcome(other);
    if (!outcome) throw new Error(`task ${other} is finished and has no outcome`);
    return { kind: 'over', outcome };
  }
  if (signal.reason === 'shutdown') throw new StepInterrupted(task.id);
  // What stopped us has stopped it as well: the next step sees it.
  if (signal.aborted || end === 'lost') return { kind: 'stands', task };
  // It is held, or somebody else has its folder: so is this one.
  if (end === 'left') throw new StepInterrupted(task.id);
  const driven = await store.tasks.get(other);
  if (driven?.state.kind !== 'waiting') return { kind: 'stands', task };
  const wait = driven.state.for;
  const reason = `task ${other} of it waits`;
  const waiting = await store.tasks.advance(writer, { kind: 'waiting', for: wait, resume }, [
    { news: { type: 'task.waiting', taskId: task.id, reason, ...whatFor(wait) } },
  ]);
  return { kind: 'stands', task: waiting };
}

function whatFor(wait: Wait): { readonly questionId?: string; readonly until?: string } {
  switch (wait.kind) {
    case 'answer':
      return { questionId: wait.questionId };
    case 'time':
      return { until: wait.until };
    case 'tool':
      return {};
  }
}
