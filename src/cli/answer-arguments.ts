import type { Choice, ChosenAnswer, Question } from '../domain/question.ts';
import { oneLine } from './plain-text.ts';
import { answersTo } from './render/waiting.ts';
import { UsageError } from './usage-error.ts';

const width = 80;

/**
 * What was typed behind `spiral answer ID`, as an answer to its question.
 *
 * @param choice the name of a choice, in any case; where none are offered, the first words of the answer
 * @param words what was typed behind it
 */
export function answerFrom(question: Question, choice: string, words?: string): ChosenAnswer {
  const { id, kind, choices = [] } = question;
  if (kind === 'grant') throw new UsageError(`Question ${id} asks for a grant.`, answersTo(question).join(' · '));
  if (choices.length === 0) return freeAnswer(id, [choice, words ?? '']);
  const wanted = choice.trim().toLowerCase();
  const chosen = choices.find(({ name }) => name.toLowerCase() === wanted);
  if (!chosen) {
    const typed = oneLine(choice, width);
    throw new UsageError(
      `Question ${id} offers ${namesOf(choices)}, not “${typed}”.`,
      `See what each does: spiral pending`,
    );
  }
  const text = words?.trim() ?? '';
  const name = chosen.name;
  if (chosen.needsText && text === '') {
    throw new UsageError(`“${name}” needs your words.`, `Say them behind it: spiral answer ${id} ${name} "your words"`);
  }
  if (!chosen.needsText && !chosen.takesText && text !== '') {
    const other = choices.find(({ needsText, takesText }) => needsText || takesText);
    const cure = other ? `, or with words: spiral answer ${id} ${other.name} "your words"` : '';
    throw new UsageError(`“${name}” takes no words.`, `Leave them out: spiral answer ${id} ${name}${cure}`);
  }
  return { kind: 'chosen', choice: name, ...(text === '' ? {} : { text }) };
}

function freeAnswer(id: string, typed: readonly string[]): ChosenAnswer {
  const text = typed.join(' ').trim();
  if (text === '') throw new UsageError('The answer is empty.', `Say it in words: spiral answer ${id} "your words"`);
  return { kind: 'chosen', choice: 'answer', text };
}

function namesOf(choices: readonly Choice[]): string {
  return choices.map(({ name }) => oneLine(name, width)).join(', ');
}
