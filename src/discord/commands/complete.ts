import type { Choice, Question } from '../../domain/question.ts';
import type { TaskReport } from '../../spiral/reports.ts';
import type { Spiral } from '../../spiral.ts';

/** What Discord shows for a completion, and what it puts in. */
export type Completion = { readonly name: string; readonly value: string };

type Source = Pick<Spiral, 'pending' | 'tasks' | 'unfinished' | 'projects' | 'conversations' | 'tools'>;

const most = 25;
const longest = 100;
/** So many of the newest tasks are looked at. */
const tasksLookedAt = 100;

/**
 * The values that an option can have now, those that begin with what was typed first.
 *
 * @param others the options that were filled in before
 */
export async function completions(
  command: string,
  focused: string,
  value: string,
  spiral: Source,
  others: Readonly<Record<string, unknown>> = {},
): Promise<Completion[]> {
  const offered = await offeredFor(command, focused, spiral, others);
  const typed = value.trim().toLowerCase();
  const begins = ({ name, value: one }: Completion) =>
    one.toLowerCase().startsWith(typed) || name.toLowerCase().startsWith(typed);
  const holds = (one: Completion) => !begins(one) && one.name.toLowerCase().includes(typed);
  return [...offered.filter(begins), ...offered.filter(holds)]
    .filter((one) => one.value !== '' && one.value.length <= longest)
    .slice(0, most)
    .map((one) => ({ name: cut(one.name), value: one.value }));
}

async function offeredFor(
  command: string,
  focused: string,
  spiral: Source,
  others: Readonly<Record<string, unknown>>,
): Promise<Completion[]> {
  switch (`${command} ${focused}`) {
    case 'decide question':
      return asked(await spiral.pending(), ({ kind }) => kind === 'tool-request');
    case 'grant question':
      return asked(await spiral.pending(), ({ kind }) => kind === 'grant' || kind === 'allocation');
    case 'answer question':
      return asked(await spiral.pending(), ({ kind }) => kind !== 'grant' && kind !== 'tool-request');
    case 'answer choice': {
      const question = (await spiral.pending()).find(({ id }) => id === others['question']);
      const atHand = (question?.suggestions ?? []).map((name) => ({ name, value: name }));
      return [...(question?.choices ?? []).map(choiceAsCompletion), ...atHand];
    }
    case 'stop task':
      return [
        { name: 'all: everything that runs', value: 'all' },
        ...tasksOf((await spiral.unfinished()).toReversed()),
      ];
    case 'continue task':
      return tasksOf((await spiral.tasks(tasksLookedAt)).filter(isOver));
    case 'merge task':
      return tasksOf((await spiral.tasks(tasksLookedAt)).filter((task) => isOver(task) && isMergeable(task)));
    case 'project on':
      return (await spiral.projects(tasksLookedAt)).map(({ id, text }) => ({ name: `${id} ${text}`, value: id }));
    case 'messages conversation':
    case 'talk conversation':
      return (await spiral.conversations(tasksLookedAt)).map(({ id, topic, taskId }) => ({
        name: `${id} ${topic}, task ${taskId}`,
        value: id,
      }));
    case 'tools tool':
    case 'decide use':
      return (await spiral.tools()).map(({ manifest: { name, description } }) => ({
        name: `${name}: ${description}`,
        value: name,
      }));
    default:
      return [];
  }
}

function choiceAsCompletion({ name, meaning }: Choice): Completion {
  return { name: `${name}: ${meaning}`, value: name };
}

function asked(questions: readonly Question[], isMeant: (question: Question) => boolean): Completion[] {
  return questions.filter(isMeant).map(({ id, kind, text }) => ({ name: `${id} ${kind}: ${text}`, value: id }));
}

function tasksOf(tasks: readonly TaskReport[]): Completion[] {
  return tasks.map(({ id, text }) => ({ name: `${id} ${text}`, value: id }));
}

function isOver({ state }: TaskReport): boolean {
  return state.kind === 'finished';
}

function isMergeable({ repository, project }: TaskReport): boolean {
  return repository !== undefined && project === undefined;
}

/** One line, never cut in the middle of a sign. */
function cut(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  if (line.length <= longest) return line;
  let kept = '';
  for (const sign of line) {
    if (kept.length + sign.length > longest - 1) break;
    kept += sign;
  }
  return `${kept}…`;
}
