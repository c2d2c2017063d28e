import { type Amounts, type Measure, measures } from '../domain/budget.ts';
import { grantAmountFrom, mostOfGrant } from '../domain/grant-amount.ts';
import type { Question } from '../domain/question.ts';
import { grantCommand, shortageSentence } from './render/shortage.ts';
import { UsageError } from './usage-error.ts';

/** What was typed behind `spiral grant ID`. */
export type GrantOptions = Readonly<Partial<Record<Measure, string>>> & { readonly refuse?: boolean };

/** What it means; no amount at all is a wish that is not complete. */
export type GrantWish = 'refuse' | Amounts;

export function grantWishFrom(options: GrantOptions): GrantWish {
  const amounts: Partial<Record<Measure, number>> = {};
  for (const measure of measures) {
    const value = options[measure];
    if (value === undefined) continue;
    amounts[measure] = amountFrom(measure, value);
  }
  if (!options.refuse) return amounts;
  if (Object.keys(amounts).length === 0) return 'refuse';
  throw new UsageError('--refuse and an amount exclude each other.', 'Give one of them.');
}

function amountFrom(measure: Measure, value: string): number {
  const amount = grantAmountFrom(measure, value);
  if (amount !== undefined) return amount;
  const most = mostOfGrant[measure];
  throw new UsageError(
    `--${measure} is “${value}”.`,
    measure === 'usd'
      ? `Give an amount in USD up to ${most}, for example --usd 2.50`
      : `Give a whole number from 1 to ${most}.`,
  );
}

/** The answer to one question: only what ran out can be given. */
export function answerFrom(wish: GrantWish, question: Question): { readonly amount: number } | 'refuse' {
  const { id, kind, shortage } = question;
  if (kind !== 'grant' || !shortage) {
    throw new UsageError(`Question ${id} does not ask for a grant.`, 'See what it asks for: spiral pending');
  }
  if (wish === 'refuse') return wish;
  const { measure } = shortage;
  const amount = wish[measure];
  const other = measures.find((one) => one !== measure && wish[one] !== undefined);
  const said = shortageSentence(shortage);
  const cure = `Give more: ${grantCommand(id, measure)} · or refuse it: spiral grant ${id} --refuse`;
  if (other) throw new UsageError(`${said} More --${other} would not help.`, cure);
  if (amount === undefined) throw new UsageError(said, cure);
  return { amount };
}

/** What a task that waits for nothing gets beforehand. */
export function aheadFrom(wish: GrantWish, taskId: string): readonly (readonly [Measure, number])[] {
  if (wish === 'refuse') {
    throw new UsageError(`Task ${taskId} asks for nothing.`, `To end it: spiral stop ${taskId}`);
  }
  const given = measures.flatMap((measure) => {
    const amount = wish[measure];
    return amount === undefined ? [] : [[measure, amount] as const];
  });
  if (given.length > 0) return given;
  throw new UsageError(
    `Task ${taskId} has not run out of anything.`,
    `Give it more beforehand, for example: ${grantCommand(taskId, 'usd')}`,
  );
}
