import { duration } from '../../domain/amounts.ts';
import type { Shortage } from '../../domain/budget.ts';
import type { Question } from '../../domain/question.ts';
import { oneLine, paragraph, plainText } from '../plain-text.ts';
import { grantCommand, shortageSentence } from './shortage.ts';

/** As much of a question as was heard of it. */
export type OpenQuestion = Pick<Question, 'id' | 'kind' | 'text' | 'choices'> & { readonly shortage?: Shortage };

const lineWidth = 110;
/** A plan that is to be confirmed stands in its question. */
const mostLines = 80;

/** What stands at the end of the screen when a task waits for whoever reads it. */
export function waitingLines(question: OpenQuestion): string[] {
  return [
    ...askedLines(question),
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
    ...askedLines(question).map((line) => `  ${line}`.trimEnd()),
    ...answersTo(question).map((line) => `     ${line}`),
  ]);
}

/** The commands that answer a question, named after the deed. */
export function answersTo({ id, kind, shortage, choices = [] }: OpenQuestion): string[] {
  if (kind === 'grant') {
    const more = shortage ? grantCommand(id, shortage.measure) : `spiral grant ${id}`;
    return [`grant more: ${more}`, `refuse it:  spiral grant ${id} --refuse`];
  }
  if (kind === 'tool-request') {
    return [
      `build it:         spiral decide ${id} approve --agents dev,qa --max-prompts 30 [--deadline 2d] [--adopt]`,
      `use another:      spiral decide ${id} alternative --use NAME --reason "why"`,
      `ask again later:  spiral decide ${id} defer --until 3d --reason "why"`,
      `do not build it:  spiral decide ${id} reject --reason "why" [--workaround "how else"]`,
    ];
  }
  if (choices.length === 0) return [`answer it: spiral answer ${id} "your words"`];
  const deeds = choices.map(({ meaning }) => `${oneLine(meaning, lineWidth)}:`);
  const widest = Math.max(...deeds.map((deed) => deed.length));
  return choices.map(({ name, needsText, takesText }, index) => {
    const command = `spiral answer ${id} ${oneLine(name, lineWidth)}${needsText ? ' "your words"' : takesText ? ' ["your words"]' : ''}`;
    return `${(deeds[index] ?? '').padEnd(widest)} ${command}`;
  });
}

/** The whole question: an answer to half of one would be a guess. */
function askedLines(question: OpenQuestion): string[] {
  const lines = question.shortage
    ? [shortageSentence(question.shortage)]
    : plainText(question.text)
        .trim()
        .split('\n')
        .flatMap((line) => (isExact(question, line) ? broken(line) : wrapped(line)));
  // What is to be allowed is bounded where it is asked; hidden behind a sign, it would be allowed unseen.
  const shown =
    lines.length > mostLines && question.kind !== 'permission' ? [...lines.slice(0, mostLines), '…'] : lines;
  return shown.map((line, index) => (index === 0 ? `${signOf(question)} ${line}` : `   ${line}`.trimEnd()));
}

/** What is to be allowed, and code that is to be adopted, stands there letter by letter. */
function isExact({ kind }: OpenQuestion, line: string): boolean {
  return kind === 'permission' || (kind === 'adoption' && /^[ +\-@]/.test(line));
}

/** A line as it was meant, with its indentation. */
function wrapped(line: string): string[] {
  const [indent = ''] = /^ {0,12}/.exec(line) ?? [];
  const lines = paragraph(line, { width: lineWidth - indent.length, most: mostLines });
  return lines.length === 0 ? [''] : lines.map((one) => `${indent}${one}`);
}

/** A line as it is, in every letter. */
function broken(line: string): string[] {
  return line.match(new RegExp(`.{1,${lineWidth}}`, 'gu')) ?? [''];
}

function signOf({ kind }: OpenQuestion): string {
  if (kind === 'permission') return '🔐';
  if (kind === 'tool-request' || kind === 'adoption' || kind === 'retirement') return '🛠️ ';
  return kind === 'grant' ? '💰' : '❓';
}
