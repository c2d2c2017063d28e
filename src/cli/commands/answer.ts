import type { Question } from '../../domain/question.ts';
import type { Spiral } from '../../spiral.ts';
import { answerFrom } from '../answer-arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { UsageError } from '../usage-error.ts';
import { beginningOfId, findTask } from './find-task.ts';
import { findQuestion } from './grant.ts';
import { withSystem } from './open-system.ts';
import { seeThrough } from './see-through.ts';

/** `spiral answer ID CHOICE ["words"]`: answers a question and goes on here with what waited for it. */
export async function answer(
  id: string,
  choice: string,
  words: string | undefined,
  options: { readonly detach?: boolean; readonly json?: boolean },
  context: CommandContext,
): Promise<number> {
  const beginning = beginningOfId(id);
  return withSystem(context, async (spiral) => {
    const question = await findQuestion(spiral, beginning);
    if (!question) {
      throw new UsageError(
        `No open question begins with ${beginning}; it may have been answered before.`,
        'See what waits for you: spiral pending',
      );
    }
    return give(spiral, question, choice, words, options);
  });
}

async function give(
  spiral: Spiral,
  question: Question,
  choice: string,
  words: string | undefined,
  { detach, json }: { readonly detach?: boolean; readonly json?: boolean },
): Promise<number> {
  const given = answerFrom(question, choice, words);
  const after = await spiral.lastEvent();
  const waiting = await findTask(spiral, question.taskId);
  if (!(await spiral.answer(question.id, given.choice, given.text))) {
    throw new UsageError(
      `Question ${question.id} was answered before, and the first answer counts.`,
      `See how the task stands: spiral tasks show ${question.taskId}`,
    );
  }
  const task = await findTask(spiral, question.taskId);
  if (!detach && !task.driven) return seeThrough(spiral, waiting, { json: json === true, after });
  process.stderr.write(`✅ Answered: ${given.choice}. Task ${task.id} goes on when it is taken up.\n`);
  return exitCodes.succeeded;
}
