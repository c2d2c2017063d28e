import { momentFrom } from '../../domain/later.ts';
import type { Choice, Question } from '../../domain/question.ts';
import { decisionKinds } from '../../domain/typed-decision.ts';
import type { Fields } from './fields.ts';
import type { Intention } from './intention.ts';

/** Words that do what a button with its dialog would do. */
export type WordsAsAnswer = { readonly intention: Intention; readonly fields: Fields };

/**
 * The answer that words are to a question: the words themselves where nothing is offered, otherwise the name of a choice alone
 * or `choice: words`. Undefined for everything else: nothing is guessed.
 */
export function answerFromWords(question: Question, text: string, now: Date): WordsAsAnswer | undefined {
  const { id, kind, choices = [] } = question;
  const words = text.trim();
  if (words === '' || kind === 'grant') return undefined;
  const [head, tail] = parted(words);
  if (kind === 'tool-request') return decisionIn(id, head, tail, now);
  if (choices.length === 0) return { intention: { kind: 'say', questionId: id }, fields: { text: words } };
  const choice = choices.findIndex(({ name }) => name.toLowerCase() === words.toLowerCase());
  const isWhole = choice !== -1;
  const at = isWhole ? choice : choices.findIndex(({ name }) => name.toLowerCase() === head);
  const chosen = choices[at];
  if (!chosen || !fits(chosen, isWhole ? undefined : tail)) return undefined;
  return {
    intention: { kind: 'answer', questionId: id, choice: at },
    fields: isWhole || tail === undefined ? {} : { text: tail },
  };
}

function fits({ needsText, takesText }: Choice, words: string | undefined): boolean {
  return words === undefined ? !needsText : needsText || takesText === true;
}

/** `approve`, `alternative: WHICH, WHY`, `defer: WHEN, WHY`, `reject: WHY`. */
function decisionIn(questionId: string, head: string, tail: string | undefined, now: Date): WordsAsAnswer | undefined {
  const decision = decisionKinds.find((one) => one === head);
  if (!decision) return undefined;
  const intention = { kind: 'decide', questionId, decision } as const;
  if (decision === 'approve') return tail === undefined ? { intention, fields: { agents: '' } } : undefined;
  if (tail === undefined) return undefined;
  if (decision === 'reject') return { intention, fields: { reason: tail } };
  const comma = tail.indexOf(',');
  const first = tail.slice(0, comma).trim();
  const reason = tail.slice(comma + 1).trim();
  if (comma === -1 || first === '' || reason === '') return undefined;
  if (decision === 'alternative') return { intention, fields: { which: first, reason } };
  return momentFrom(first, now) instanceof Date ? { intention, fields: { until: first, reason } } : undefined;
}

/** `Choice: words` as its name in lower case and its words; without a colon, the whole as a name. */
function parted(words: string): [head: string, tail: string | undefined] {
  const colon = words.indexOf(':');
  const tail = colon === -1 ? '' : words.slice(colon + 1).trim();
  const head = (colon === -1 ? words : words.slice(0, colon))
    .replace(/[.!]+$/, '')
    .trim()
    .toLowerCase();
  return [head, tail === '' ? undefined : tail];
}
