import { text as readAll } from 'node:stream/consumers';
import type { Spiral, TaskRequest } from '../../spiral.ts';
import { refuseMistypedCommand } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { type RunOptions, requestFrom } from '../run-arguments.ts';
import { UsageError } from '../usage-error.ts';
import { withSystem } from './open-system.ts';
import { afterTool } from './see-through.ts';
import { watchTask } from './watch-task.ts';

/**
 * `spiral "task"`: submits one task and drives it in this process.
 *
 * @param commands names that a task of one word must not resemble; empty when the person wrote `run`
 */
export async function run(
  task: string,
  options: RunOptions & { readonly json?: boolean },
  context: CommandContext,
  commands: readonly string[],
): Promise<number> {
  refuseMistypedCommand(task, commands);
  const request = requestFrom(task, options);
  const text = task === '-' ? await readAll(process.stdin) : task;
  return withSystem(context, (spiral) => submitAndWatch(spiral, { ...request, text }, options.json === true));
}

/** Submits a task to be driven here and shows it to its end. */
export async function submitAndWatch(spiral: Spiral, request: TaskRequest, json: boolean): Promise<number> {
  const submission = await spiral.submit(request, { driveHere: true });
  if (submission.kind === 'refused') throw new UsageError(submission.problem, submission.cure);
  const driven = await watchTask(spiral, submission.taskId, { json });
  const isWaiting = driven === exitCodes.waiting;
  const exitCode = isWaiting ? await afterTool(spiral, submission.taskId, driven, json) : driven;
  // What is to be answered now stands last on the screen.
  if (!json && exitCode !== exitCodes.waiting) await tellOfInterrupted(spiral);
  return exitCode;
}

/** A kill leaves a task where it was; whoever comes back should hear of it. */
async function tellOfInterrupted(spiral: Spiral): Promise<void> {
  for (const { id } of (await spiral.abandoned()).slice(0, 1)) {
    process.stderr.write(`ℹ️  Task ${id} was interrupted earlier. Go on with it: spiral tasks continue ${id}\n`);
  }
}
