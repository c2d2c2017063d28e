import { projectOf, type Task } from '../../domain/task.ts';
import type { ResumedState, TaskState } from '../../domain/task-state.ts';
import type { RunTaskNeeds, StepContext, StopReason } from './needs.ts';

/** Why work of a night that was not done by its deadline ends. */
export function nightIsOver({ night }: Pick<Task, 'night'>): string {
  return `the deadline of the night (${night?.deadline ?? 'now'}) is over`;
}

/** The state of a task whose question was stopped before it was answered. */
export function endedAs(task: Task, reason: Exclude<StopReason, 'lease-lost' | 'shutdown'>): TaskState {
  const status = reason === 'cancelled' ? 'cancelled' : 'timed-out';
  const project = projectOf(task);
  const ending = { status, verified: false, reason: wordsOf(task, reason) } as const;
  return { kind: 'ended', ending, ...(project ? { project } : {}) };
}

function wordsOf(task: Task, reason: Exclude<StopReason, 'lease-lost' | 'shutdown'>): string {
  switch (reason) {
    case 'cancelled':
      return 'cancelled by a person';
    case 'timed-out':
      return `the question took longer than ${task.roundTimeoutSeconds} s`;
    case 'deadline':
      return nightIsOver(task);
  }
}

/** Saves that the model API wants a pause, and where the task goes on after it. */
export function pausedUntil(
  task: Task,
  { until, message }: { readonly until: Date; readonly message: string },
  resume: ResumedState,
  { store }: RunTaskNeeds,
  { writer }: StepContext,
): Promise<Task> {
  const time = until.toISOString();
  return store.tasks.advance(writer, { kind: 'waiting', for: { kind: 'time', until: time, reason: message }, resume }, [
    { news: { type: 'task.waiting', taskId: task.id, reason: message, until: time } },
  ]);
}
