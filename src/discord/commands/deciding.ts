import type { TaskId } from '../../domain/identifiers.ts';
import type { Question } from '../../domain/question.ts';
import { decisionKinds } from '../../domain/typed-decision.ts';
import { carryOut, type Decided } from '../decisions/decide.ts';
import type { Fields } from '../decisions/fields.ts';
import type { Intention } from '../decisions/intention.ts';
import { type CommandOptions, wordsOf } from './options.ts';
import type { CommandContext, CommandReply } from './reply.ts';

type Refused = Extract<CommandReply, { kind: 'refused' }>;

/** What is wanted, and with what: without fields, a dialog may ask for them. */
type Wanted = { readonly intention: Intention; readonly fields?: Fields };

/** `/answer`, `/decide`, `/grant` and `/stop`: the same as the buttons and dialogs do, from the options of a command. */
export async function decideBy(
  command: 'answer' | 'decide' | 'grant' | 'stop',
  options: CommandOptions,
  context: CommandContext,
): Promise<CommandReply> {
  const wanted = command === 'stop' ? await stopFrom(options, context) : await wantedFrom(command, options, context);
  if ('problem' in wanted) return wanted;
  return replyTo(await carryOut(wanted.intention, wanted.fields, context));
}

function replyTo(decided: Decided): CommandReply {
  switch (decided.kind) {
    case 'needs-dialog':
      return { kind: 'dialog', dialog: decided.dialog };
    case 'refused':
      return { kind: 'refused', problem: decided.problem };
    case 'done':
      return { kind: 'reply', message: { content: `✅ ${decided.words}` }, isPrivate: true };
    case 'too-late':
      return { kind: 'reply', message: { content: decided.words }, isPrivate: true };
  }
}

async function stopFrom(options: CommandOptions, { spiral }: CommandContext): Promise<Wanted | Refused> {
  const named = wordsOf(options, 'task')?.toLowerCase();
  if (named === 'all') return { intention: { kind: 'stop', taskId: 'all' } };
  // Named whole, nothing is looked up: that could take longer than a second.
  if (named !== undefined && /^[0-9a-z]{8}$/.test(named))
    return { intention: { kind: 'stop', taskId: named as TaskId } };
  if (named === undefined || !/^[0-9a-z]{1,7}$/.test(named))
    return refused('Name a task by its id, or all; see /tasks.');
  const [task, another] = await spiral.findTasks(named);
  if (!task) return refused(`There is no task ${named}; see /tasks.`);
  if (another) return refused(`Several tasks begin with ${named}: type more of the id.`);
  return { intention: { kind: 'stop', taskId: task.id } };
}

async function wantedFrom(
  command: 'answer' | 'decide' | 'grant',
  options: CommandOptions,
  { spiral }: CommandContext,
): Promise<Wanted | Refused> {
  const beginning = wordsOf(options, 'question')?.toLowerCase() ?? '';
  const open = await spiral.pending();
  const found = open.filter(
    ({ id, taskId }) => beginning !== '' && (id.startsWith(beginning) || taskId.startsWith(beginning)),
  );
  const [question, another] = found;
  if (!question) return refused('No open question begins so; it may have been answered before. See /pending.');
  if (another) return refused(`Several questions begin so: ${found.map(({ id }) => id).join(', ')}.`);
  switch (command) {
    case 'decide':
      return decisionFrom(question, options);
    case 'grant':
      return grantFrom(question, options);
    case 'answer':
      return answerFrom(question, options);
  }
}

function decisionFrom({ id: questionId }: Question, options: CommandOptions): Wanted | Refused {
  const decision = decisionKinds.find((name) => name === options['decision']);
  if (!decision) return refused(`A request is decided with ${decisionKinds.join(', ')}.`);
  const fields: Fields = {
    ...field('agents', wordsOf(options, 'agents')),
    ...field('prompts', wordsOf(options, 'prompts')),
    ...field('deadline', wordsOf(options, 'deadline')),
    ...field('adopt', options['adopt'] === undefined ? undefined : options['adopt'] === true ? 'yes' : 'no'),
    ...field('which', wordsOf(options, 'use')),
    ...field('until', wordsOf(options, 'until')),
    ...field('reason', wordsOf(options, 'reason')),
    ...field('workaround', wordsOf(options, 'workaround')),
  };
  const intention = { kind: 'decide', questionId, decision } as const;
  return Object.keys(fields).length === 0 ? { intention } : { intention, fields };
}

function grantFrom({ id: questionId }: Question, options: CommandOptions): Wanted | Refused {
  const amount = wordsOf(options, 'amount');
  if (options['refuse'] === true) {
    if (amount !== undefined) return refused('An amount and refuse exclude each other: give one of them.');
    return { intention: { kind: 'refuse-grant', questionId } };
  }
  const intention = { kind: 'grant', questionId, amount: 'custom' } as const;
  return amount === undefined ? { intention } : { intention, fields: { amount } };
}

function answerFrom({ id: questionId, choices = [] }: Question, options: CommandOptions): Wanted | Refused {
  const named = wordsOf(options, 'choice');
  const text = wordsOf(options, 'words');
  if (choices.length === 0) {
    const words = [named, text].filter((one) => one !== undefined).join(' ');
    const intention = { kind: 'say', questionId } as const;
    return words === '' ? { intention } : { intention, fields: { text: words } };
  }
  const choice = choices.findIndex(({ name }) => name.toLowerCase() === named?.toLowerCase());
  if (choice === -1) return refused(`Question ${questionId} offers ${choices.map(({ name }) => name).join(', ')}.`);
  const intention = { kind: 'answer', questionId, choice } as const;
  return text === undefined ? { intention } : { intention, fields: { text } };
}

function field<Name extends keyof Fields>(name: Name, value: string | undefined): Fields {
  return value === undefined ? {} : { [name]: value };
}

function refused(problem: string): Refused {
  return { kind: 'refused', problem };
}
