import { existsSync, readdirSync } from 'node:fs';
import { demoPlays, type Spiral } from '../../spiral.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { UsageError } from '../usage-error.ts';
import { goOn } from './continue-task.ts';
import { tellNotices, tellProblem } from './open-system.ts';
import { submitAndWatch } from './run.ts';

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
    if (!json && play !== 'talk') process.stdout.write(`📁 Look at it: ${workspace}\n`);
    return exitCode;
  } finally {
    await spiral.close();
  }
}

const looked = 5;

/** What a demo asks is answered before it ends: its model ends with it, and nobody could go on later. */
async function answered(spiral: Spiral, exitCode: number, json: boolean): Promise<number> {
  const task = (await spiral.tasks(looked)).find(({ origin, question }) => origin === 'demo' && question);
  const choice = task?.question?.choices?.find(({ name }) => name === 'close');
  if (exitCode !== exitCodes.waiting || !task?.question || !choice) return exitCode;
  const after = await spiral.lastEvent();
  if (!json) process.stderr.write(`🎭 The demo answers “${choice.name}” for you, because its model ends with it.\n`);
  await spiral.answer(task.question.id, choice.name);
  return goOn(spiral, task, { json, after });
}

/** The folder itself, or the first of `folder-2`, `folder-3`… that holds nothing: an earlier demo stays as it is. */
function freeFolder(folder: string): string {
  const isFree = (path: string) => !existsSync(path) || readdirSync(path).length === 0;
  for (let number = 1; ; number += 1) {
    const path = number === 1 ? folder : `${folder}-${number}`;
    if (isFree(path)) return path;
  }
}
