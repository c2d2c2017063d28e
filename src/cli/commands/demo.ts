import { existsSync, readdirSync } from 'node:fs';
import type { Question } from '../../domain/question.ts';
import { demoPlays, type Spiral } from '../../spiral.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { UsageError } from '../usage-error.ts';
import { findTask } from './find-task.ts';
import { tellNotices, tellProblem } from './open-system.ts';
import { submitAndWatch } from './run.ts';
import { seeThrough } from './see-through.ts';

/** `spiral demo [what]`: the main job, a project or a review, with a scripted model. */
export async function demo(
  what: string,
  options: { readonly workspace?: string; readonly json?: boolean },
  { installation, configPath }: CommandContext,
): Promise<number> {
  const play = demoPlays.find((one) => one === what);
  if (!play) throw new UsageError(`There is no demo “${what}”.`, `There are: ${demoPlays.join(', ')}`);
  const { spiral, request, workspace } = await (await installation()).openDemo({
    play,
    workspace: options.workspace ?? freeFolder('./agent-workspace/demo'),
    ...(configPath === undefined ? {} : { configPath }),
    onProblem: tellProblem,
  });
  tellNotices(spiral, ['reaped']);
  try {
    const json = options.json === true;
    const exitCode = await answered(spiral, await submitAndWatch(spiral, request, json), json);
    if (play === 'tool') await takeAway(spiral, json);
    if (!json && play !== 'talk') process.stdout.write(`📁 Look at it: ${workspace}\n`);
    return exitCode;
  } finally {
    await spiral.close();
  }
}

const demoTool = 'demo-csv-to-json';

/** A tool that a script wrote is nothing that real work should find. */
async function takeAway(spiral: Spiral, json: boolean): Promise<void> {
  const isTaken = await spiral.retireTool(demoTool, 'it was part of a demo');
  if (isTaken && !json) process.stderr.write(`🎭 The demo takes ${demoTool} away again.\n`);
}

const mostAnswers = 10;

/** What a demo asks is answered before it ends: its model ends with it, and nobody could go on later. */
async function answered(spiral: Spiral, exitCode: number, json: boolean): Promise<number> {
  let code = exitCode;
  for (let count = 0; code === exitCodes.waiting && count < mostAnswers; count += 1) {
    const question = await questionOfDemo(spiral);
    if (!question) return code;
    const task = await findTask(spiral, question.taskId);
    const after = await spiral.lastEvent();
    const said = await answer(spiral, question);
    if (said === undefined) return code;
    if (!json) process.stderr.write(`🎭 The demo answers “${said}” for you, because its model ends with it.\n`);
    code = await seeThrough(spiral, task, { json, after });
  }
  return code;
}

async function questionOfDemo(spiral: Spiral): Promise<Question | undefined> {
  for (const question of await spiral.pending()) {
    const [task] = await spiral.findTasks(question.taskId);
    if (task?.origin === 'demo') return question;
  }
  return undefined;
}

/** What was answered; undefined when the demo has no answer to it. */
async function answer(spiral: Spiral, { id, kind, choices = [] }: Question): Promise<string | undefined> {
  if (kind === 'tool-request') {
    const agents = ['developer', 'quality-assurance'] as const;
    await spiral.decide(id, { kind: 'approve', agents: [...agents], maxPrompts: 30, adoptWhenGreen: false });
    return 'approve';
  }
  const choice = choices.find(({ name }) => name === 'adopt' || name === 'close')?.name;
  if (choice !== undefined) await spiral.answer(id, choice);
  return choice;
}

/** The folder itself, or the first of `folder-2`, `folder-3`… that holds nothing: an earlier demo stays as it is. */
function freeFolder(folder: string): string {
  const isFree = (path: string) => !existsSync(path) || readdirSync(path).length === 0;
  for (let number = 1; ; number += 1) {
    const path = number === 1 ? folder : `${folder}-${number}`;
    if (isFree(path)) return path;
  }
}
