import type { Shortage } from '../../domain/budget.ts';
import type { Question } from '../../domain/question.ts';
import { oneLine } from '../plain-text.ts';
import { duration } from '../times.ts';
import { grantCommand, shortageSentence } from './shortage.ts';

/** As much of a question as was heard of it. */
export type OpenQuestion = Pick<Question, 'id' | 'kind' | 'text'> & { readonly shortage?: Shortage };

const width = 300;

/** What stands at the end of the screen when a task waits for whoever reads it. */
export function waitingLines(question: OpenQuestion): string[] {
  return [
    `${signOf(question)} ${sayingOf(question)}`,
    '⏸️  The task waits for you, and nothing of it is lost:',
    ...answersTo(question).map((line) => `   ${line}`),
    '   everything that waits: spiral pending',
  ];
}

/** `spiral pending`: every open question, oldest first. */
export function pendingLines(questions: readonly Question[], now: number): string[] {
  if (questions.length === 0) return ['✅ Nothing waits for you.'];
  return questions.flatMap((question, index) => [
    ...(index === 0 ? [] : ['']),
    `${question.id}  task ${question.taskId}, asked ${duration(now - question.askedAt.getTime())} ago`,
    `  ${signOf(question)} ${sayingOf(question)}`,
    ...answersTo(question).map((line) => `     ${line}`),
  ]);
}

/** The commands that answer a question, named after the deed. */
export function answersTo({ id, kind, shortage }: OpenQuestion): string[] {
  if (kind !== 'grant') return [];
  const more = shortage ? grantCommand(id, shortage.measure) : `spiral grant ${id}`;
  return [`grant more: ${more}`, `refuse it:  spiral grant ${id} --refuse`];
}

function signOf({ kind }: OpenQuestion): string {
  return kind === 'grant' ? '💰' : '❓';
}

function sayingOf({ shortage, text }: OpenQuestion): string {
  return shortage ? shortageSentence(shortage) : oneLine(text, width);
}
