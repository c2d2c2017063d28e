import type { TaskId } from '../../domain/identifiers.ts';
import type { Question } from '../../domain/question.ts';
import type { DecisionKind } from '../../domain/typed-decision.ts';

/*
 * What a message shows. All begin with the task, whose records are deleted with it.
 */

export function cardKey(task: TaskId): string {
  return `task:${task}:card`;
}

export function reportKey(task: TaskId, part: number): string {
  return `task:${task}:report:${part}`;
}

/** @param event the id of what it tells */
export function newsKey(task: TaskId, event: number): string {
  return `task:${task}:news:${event}`;
}

export function questionKey({ taskId, id }: Pick<Question, 'taskId' | 'id'>): string {
  return `task:${taskId}:question:${id}`;
}

export function reminderKey({ taskId, id }: Pick<Question, 'taskId' | 'id'>): string {
  return `task:${taskId}:reminder:${id}`;
}

/** The button that follows a reaction on the card of a question. */
export function confirmKey(questionId: string, decision: DecisionKind): string {
  return `confirm:${questionId}:${decision}`;
}

/** Who decides a question here right now: the news of it comes back to us without a name. */
export function decidingKey(questionId: string): string {
  return `deciding:${questionId}`;
}

/** The task that a message shows something of. */
export function taskShown(key: string): TaskId | undefined {
  return /^task:([0-9a-z]+):/.exec(key)?.[1] as TaskId | undefined;
}

/** Whether a message shows this question. */
export function showsQuestion(key: string, question: Pick<Question, 'taskId' | 'id'>): boolean {
  return key === questionKey(question);
}
