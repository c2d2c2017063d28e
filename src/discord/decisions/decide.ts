import { counted, money } from '../../domain/amounts.ts';
import type { Measure } from '../../domain/budget.ts';
import type { Question } from '../../domain/question.ts';
import { sentenceOfToolDecision } from '../../domain/tool-decision.ts';
import { type Spiral, SpiralError, type Stopped } from '../../spiral.ts';
import { type Answering, answerFrom, type GivenAnswer } from './answer.ts';
import { type Dialog, type DialogDefaults, dialogFor } from './dialogs.ts';
import type { Fields } from './fields.ts';
import type { Intention } from './intention.ts';
import { type Actor, mayAnswer, mayStop, onlyApprovers } from './permission.ts';

/** What became of an intention. All words are for the person who had it. */
export type Decided =
  | { readonly kind: 'done'; readonly words: string }
  /** Somebody was faster, here or elsewhere. */
  | { readonly kind: 'too-late'; readonly words: string }
  | { readonly kind: 'refused'; readonly problem: string }
  /** Nothing is decided yet: this is to be filled in, and carried out with its fields. */
  | { readonly kind: 'needs-dialog'; readonly dialog: Dialog };

/** In signs, each of at most two characters. */
const longestWords = 800;

type Deciding = {
  readonly spiral: Pick<Spiral, 'pending' | 'events' | 'grant' | 'answer' | 'decide' | 'stop'>;
  readonly actor: Actor;
  readonly now: Date;
};

/**
 * Does what a button, a dialog, a reaction or words want. Nothing of the custom id is trusted: whether the question is open and
 * who may answer it is looked up each time.
 *
 * @param fields of the dialog; undefined when none was shown yet
 */
export async function carryOut(intention: Intention, fields: Fields | undefined, deciding: Deciding): Promise<Decided> {
  try {
    return intention.kind === 'stop'
      ? await stopped(intention.taskId, deciding)
      : await answered(intention, fields, deciding);
  } catch (error) {
    // A mistake that a person can mend, for example an answer that the question does not offer.
    if (error instanceof SpiralError) return { kind: 'refused', problem: short(`${error.message} ${error.cure}`) };
    throw error;
  }
}

async function answered(intention: Answering, fields: Fields | undefined, deciding: Deciding): Promise<Decided> {
  const { spiral, actor, now } = deciding;
  const question = (await spiral.pending()).find(({ id }) => id === intention.questionId);
  if (!question) return tooLate(intention.questionId);
  if (!mayAnswer(question, actor)) return { kind: 'refused', problem: onlyApprovers };
  if (fields === undefined) {
    const dialog = dialogFor(intention, question, await defaultsFor(intention, question, spiral));
    // Only for a question that could be answered so: a stale or forged button opens nothing.
    if (dialog) return fitsKind(intention, question) ? { kind: 'needs-dialog', dialog } : unfit(question);
  }
  const given = answerFrom(intention, question, fields ?? {}, now);
  if (given.kind === 'problem') return { kind: 'refused', problem: short(given.problem) };
  return (await give(question.id, given, spiral))
    ? { kind: 'done', words: wordsOf(given, question) }
    : tooLate(question.id);
}

function give(questionId: string, given: GivenAnswer, spiral: Deciding['spiral']): Promise<boolean> {
  switch (given.kind) {
    case 'decision':
      return spiral.decide(questionId, given.decision);
    case 'grant':
      return spiral.grant(questionId, given.amount === 'refuse' ? 'refuse' : { amount: given.amount });
    case 'answer':
      return spiral.answer(questionId, given.choice, given.text);
  }
}

/** Whether a dialog makes sense for a question of this kind. */
function fitsKind({ kind }: Answering, question: Question): boolean {
  switch (kind) {
    case 'decide':
      return question.kind === 'tool-request';
    case 'grant':
      return question.kind === 'grant' || question.kind === 'allocation';
    case 'move':
      return question.kind === 'allocation';
    case 'say':
      return !question.choices?.length && question.kind !== 'grant' && question.kind !== 'tool-request';
    case 'answer':
    case 'refuse-grant':
      return true;
  }
}

/** The estimate of the project manager, which was told when the card was made. */
async function defaultsFor(
  intention: Answering,
  question: Question,
  spiral: Pick<Spiral, 'events'>,
): Promise<DialogDefaults> {
  if (intention.kind !== 'decide' || intention.decision !== 'approve') return {};
  const told = await spiral.events({ after: 0, taskId: question.taskId }, 1_000);
  const assessed = told.findLast((event) => event.type === 'tool-request.assessed');
  return assessed?.type === 'tool-request.assessed' ? { prompts: assessed.card.effort.prompts } : {};
}

async function stopped(
  task: Extract<Intention, { kind: 'stop' }>['taskId'],
  { spiral, actor }: Deciding,
): Promise<Decided> {
  if (!(await mayStop(task, actor))) {
    const problem = task === 'all' ? onlyApprovers : 'Only who asked for a task, or an approver, may stop it.';
    return { kind: 'refused', problem };
  }
  return { kind: 'done', words: wordsOfStop(await spiral.stop(task)) };
}

function wordsOfStop({ tasks, processes, left, recorded }: Stopped): string {
  const found =
    tasks.length + processes + left === 0
      ? 'Nothing was running.'
      : `Stopped ${counted(tasks.length, 'task')}; ${counted(processes, 'process')} ended.`;
  const stuck = left === 0 ? '' : ` ${counted(left, 'process')} could not be ended: try again.`;
  const unheard = recorded ? '' : ' The database could not be told: stop it once more when it answers.';
  return `${found}${stuck}${unheard}`;
}

function tooLate(questionId: string): Decided {
  return { kind: 'too-late', words: `Question ${questionId} was answered before, and the first answer counts.` };
}

function unfit({ id }: Question): Decided {
  return { kind: 'refused', problem: `Question ${id} is not answered like that; see /pending.` };
}

function wordsOf(given: GivenAnswer, { shortage }: Question): string {
  switch (given.kind) {
    case 'decision':
      return `Decided: ${short(sentenceOfToolDecision(given.decision))}`;
    case 'grant':
      if (given.amount === 'refuse') return 'Refused: nothing more is given, and the task ends.';
      return `Granted: ${amountOf(given.amount, shortage?.measure ?? 'prompts')} more.`;
    case 'answer':
      return given.text === undefined
        ? `Answered: ${given.choice}.`
        : `Answered: ${given.choice}: ${short(given.text)}`;
  }
}

/** What a person said themselves need not be repeated whole, and a message has no room for it. */
function short(text: string): string {
  const signs = [...text];
  return signs.length > longestWords ? `${signs.slice(0, longestWords).join('')}…` : text;
}

function amountOf(amount: number, measure: Measure): string {
  if (measure === 'usd') return money(amount);
  return counted(amount, measure === 'tokens' ? 'token' : 'prompt');
}
