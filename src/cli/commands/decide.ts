import { createInterface } from 'node:readline/promises';
import type { Question } from '../../domain/question.ts';
import type { Spiral } from '../../spiral.ts';
import type { CommandContext } from '../command-context.ts';
import {
  type DecideOptions,
  type DecisionName,
  decisionFrom,
  decisionNamed,
  missingOf,
  usualOf,
} from '../decision-arguments.ts';
import { exitCodes } from '../exit-code.ts';
import { UsageError } from '../usage-error.ts';
import { beginningOfId, findTask } from './find-task.ts';
import { findQuestion } from './grant.ts';
import { withSystem } from './open-system.ts';
import { seeThrough } from './see-through.ts';

/** `spiral decide ID CHOICE`: decides about a tool that is missed, and goes on here with what waited for it. */
export async function decide(
  id: string,
  choice: string,
  options: DecideOptions & { readonly detach?: boolean; readonly json?: boolean },
  context: CommandContext,
): Promise<number> {
  const beginning = beginningOfId(id);
  const name = decisionNamed(choice);
  return withSystem(context, async (spiral) => {
    const question = await questionFor(spiral, beginning);
    const decision = decisionFrom(name, await completed(name, options), new Date());
    const after = await spiral.lastEvent();
    if (!(await spiral.decide(question.id, decision))) {
      throw new UsageError(
        `Question ${question.id} was decided before, and the first decision counts.`,
        `See how it stands: spiral tasks show ${question.taskId}`,
      );
    }
    const work = await findTask(spiral, question.taskId);
    if (options.detach || work.driven) {
      process.stderr.write(`✅ Decided: ${name}. Task ${work.id} goes on when it is taken up.\n`);
      return exitCodes.succeeded;
    }
    return seeThrough(spiral, work, { json: options.json === true, after });
  });
}

/** By the id of the question, of the task that works on the request, of the request, or of the task that sleeps for it. */
async function questionFor(spiral: Spiral, beginning: string): Promise<Question> {
  const direct = await findQuestion(spiral, beginning);
  const requests = direct ? [] : await spiral.toolRequests(100);
  const request = requests.find(
    ({ id, taskId, outcome }) => !outcome && (id.startsWith(beginning) || taskId?.startsWith(beginning)),
  );
  const question = direct ?? (request && (await findQuestion(spiral, request.workTask)));
  if (question?.kind === 'tool-request') return question;
  throw new UsageError(
    question ? `Question ${question.id} is none about a tool.` : `No open request for a tool begins with ${beginning}.`,
    'See what waits for you: spiral pending',
  );
}

/** In a terminal what is missing is asked for; elsewhere it is a mistake that is told. */
async function completed(name: DecisionName, options: DecideOptions): Promise<DecideOptions> {
  const missing = missingOf[name].filter((option) => options[option] === undefined);
  if (missing.length === 0 || !process.stdin.isTTY || !process.stderr.isTTY) return options;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const said: Record<string, string> = {};
    for (const option of missing) {
      const usual = usualOf[option];
      const line = await terminal.question(`${questions[option]}${usual === undefined ? '' : ` [${usual}]`}: `);
      const words = line.trim() || usual;
      if (words !== undefined) said[option] = words;
    }
    return { ...options, ...said };
  } finally {
    terminal.close();
  }
}

const questions: Readonly<Record<keyof DecideOptions, string>> = {
  agents: 'Who builds it',
  maxPrompts: 'How many prompts may they use',
  deadline: 'Until when',
  adopt: 'Adopt it when the gate is green',
  until: 'Until when is it deferred',
  reason: 'Why',
  use: 'What is used instead',
  workaround: 'What is done instead',
};
