import { readAnswer } from './answer-text.ts';
import type { LlmCost, LlmEnding, LlmQuestion } from './llm.ts';
import { correctionOf, promptOf } from './prompts.ts';

type WithoutCost<Ending> = Ending extends unknown ? Omit<Ending, 'cost'> : never;

/** What ended a question before there was anything to read. */
export type Unanswered = WithoutCost<
  Extract<LlmEnding<never>, { readonly kind: 'out-of-budget' | 'paused' | 'aborted' | 'failed' }>
>;

/** What came of one prompt. */
export type Spoken =
  | {
      readonly kind: 'said';
      readonly text: string;
      /** It came to the most that a model may say at once. */
      readonly isCutOff: boolean;
    }
  | Unanswered;

/**
 * Asks, reads the answer, and asks exactly once more in the same conversation when it cannot be used. Does not reject.
 *
 * @param speak hands a prompt over in the conversation, and gives what came of it
 * @param cost of everything so far
 */
export async function askTwice<Answer>(
  question: LlmQuestion<Answer>,
  speak: (prompt: string) => Promise<Spoken>,
  cost: () => LlmCost,
): Promise<LlmEnding<Answer>> {
  try {
    const first = await askOnce(question, promptOf(question), speak);
    if (first.kind === 'answered') return { ...first, askedAgain: false, cost: cost() };
    if (first.kind !== 'unusable') return { ...first, cost: cost() };
    const second = await askOnce(question, correctionOf(first.problems), speak);
    return second.kind === 'answered' ? { ...second, askedAgain: true, cost: cost() } : { ...second, cost: cost() };
  } catch (error) {
    return { ...failedBy(error), cost: cost() };
  }
}

/** The question failed for a reason that nobody expected. */
export function failedBy(error: unknown): Unanswered {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'failed', message: message.split('\n')[0] ?? '' };
}

type Read<Answer> =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'unusable'; readonly problems: readonly string[]; readonly text: string }
  | Unanswered;

async function askOnce<Answer>(
  { shape }: LlmQuestion<Answer>,
  prompt: string,
  speak: (prompt: string) => Promise<Spoken>,
): Promise<Read<Answer>> {
  const spoken = await speak(prompt);
  if (spoken.kind !== 'said') return spoken;
  const read = readAnswer(spoken.text, shape);
  if ('answer' in read) return { kind: 'answered', answer: read.answer };
  const problems = spoken.isCutOff ? ['the answer was cut off; be shorter'] : read.problems;
  return { kind: 'unusable', problems, text: spoken.text };
}
