import type { TaskReport } from '../../spiral/reports.ts';
import type { Spiral } from '../../spiral.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { waitsForAnswer } from '../render/task-list.ts';
import { waitingLines } from '../render/waiting.ts';
import { UsageError } from '../usage-error.ts';
import { findTask } from './find-task.ts';
import { withSystem } from './open-system.ts';
import { seeThrough } from './see-through.ts';
import { watchTask } from './watch-task.ts';

/**
 * `spiral tasks continue ID ["text"]`: takes an interrupted task up in this process, or begins a new one in the session and
 * the workspace of a finished one.
 */
export async function continueTask(
  id: string,
  text: string | undefined,
  options: { readonly json: boolean },
  context: CommandContext,
): Promise<number> {
  return withSystem(context, async (spiral) => {
    const task = await findTask(spiral, id);
    if (task.state.kind === 'finished') return continueFinished(spiral, task, text, options);
    if (task.driven) {
      throw new UsageError(
        `Task ${task.id} is being worked on.`,
        `Watch it with: spiral events --follow --task ${task.id}`,
      );
    }
    if (waitsForAnswer(task)) return tellOfQuestion(task);
    if (text !== undefined) {
      throw new UsageError(
        `Task ${task.id} is not over, and goes on with what it was asked.`,
        `Without a new text: spiral tasks continue ${task.id}`,
      );
    }
    return seeThrough(spiral, task, { ...options, after: await spiral.lastEvent() });
  });
}

async function continueFinished(
  spiral: Spiral,
  task: TaskReport,
  text: string | undefined,
  { json }: { readonly json: boolean },
): Promise<number> {
  const submission = await spiral.continue(task.id, text);
  if (submission.kind === 'refused') throw new UsageError(submission.problem, submission.cure);
  return watchTask(spiral, submission.taskId, { json });
}

function tellOfQuestion(task: TaskReport): number {
  const lines = task.question ? waitingLines(task.question) : [`⏸️  Task ${task.id} waits for you: spiral pending`];
  for (const line of lines) process.stderr.write(`${line}\n`);
  return exitCodes.waiting;
}
