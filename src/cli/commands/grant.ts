import type { Question } from '../../domain/question.ts';
import type { TaskReport } from '../../spiral/reports.ts';
import type { Spiral } from '../../spiral.ts';
import { amountOf } from '../amounts.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { aheadFrom, answerFrom, type GrantOptions, type GrantWish, grantWishFrom } from '../grant-arguments.ts';
import { UsageError } from '../usage-error.ts';
import { beginningOfId, findTask } from './find-task.ts';
import { withSystem } from './open-system.ts';
import { seeThrough } from './see-through.ts';

/** `spiral grant ID`: answers a task that waits at a limit and goes on with it here, or gives a task more beforehand. */
export async function grant(
  id: string,
  options: GrantOptions & { readonly detach?: boolean; readonly json?: boolean },
  context: CommandContext,
): Promise<number> {
  const beginning = beginningOfId(id);
  const wish = grantWishFrom(options);
  return withSystem(context, async (spiral) => {
    const question = await findQuestion(spiral, beginning);
    if (question) return answer(spiral, question, wish, options);
    return giveAhead(spiral, await findTaskOrAnswered(spiral, beginning), wish);
  });
}

/** The one open question of that id, or of the task of that id. */
export async function findQuestion(spiral: Spiral, beginning: string): Promise<Question | undefined> {
  const open = await spiral.pending();
  const found = open.filter(({ id, taskId }) => id.startsWith(beginning) || taskId.startsWith(beginning));
  if (found.length < 2) return found[0];
  throw new UsageError(
    `Several questions begin with ${beginning}.`,
    `Type more of the id: ${found.map(({ id }) => id).join(', ')}`,
  );
}

async function findTaskOrAnswered(spiral: Spiral, beginning: string): Promise<TaskReport> {
  if ((await spiral.findTasks(beginning)).length > 0) return findTask(spiral, beginning);
  throw new UsageError(
    `No open question and no task begins with ${beginning}; a question may have been answered before.`,
    'See what waits for you: spiral pending',
  );
}

async function answer(
  spiral: Spiral,
  question: Question,
  wish: GrantWish,
  { detach, json }: { readonly detach?: boolean; readonly json?: boolean },
): Promise<number> {
  const given = answerFrom(wish, question);
  const after = await spiral.lastEvent();
  const waiting = await findTask(spiral, question.taskId);
  if (!(await spiral.grant(question.id, given))) {
    throw new UsageError(
      `Question ${question.id} was answered before, and the first answer counts.`,
      `See how the task stands: spiral tasks show ${question.taskId}`,
    );
  }
  const task = await findTask(spiral, question.taskId);
  if (!detach && !task.driven) return seeThrough(spiral, waiting, { json: json === true, after });
  const said =
    given === 'refuse' || !question.shortage
      ? `🛑 Refused. Task ${task.id} ends`
      : `💰 Granted: ${amountOf(question.shortage.measure, given.amount)} more. Task ${task.id} goes on`;
  process.stderr.write(`${said}${whereOf(task)}\n`);
  return exitCodes.succeeded;
}

function whereOf({ id, driven, state }: TaskReport): string {
  if (state.kind === 'finished') return '.';
  return driven
    ? ` in another Spiral process. Watch it: spiral events --follow --task ${id}`
    : ` when \`spiral serve\` takes it up, or here: spiral tasks continue ${id}`;
}

async function giveAhead(spiral: Spiral, task: TaskReport, wish: GrantWish): Promise<number> {
  if (task.state.kind === 'finished') {
    throw new UsageError(
      `Task ${task.id} is over (${task.state.status}).`,
      `Go on in its session with a new task: spiral tasks continue ${task.id}`,
    );
  }
  for (const [measure, amount] of aheadFrom(wish, task.id)) {
    await spiral.grantAhead(task.id, measure, amount);
    process.stderr.write(`💰 Task ${task.id} may use ${amountOf(measure, amount)} more.\n`);
  }
  return exitCodes.succeeded;
}
