import { text as readAll } from 'node:stream/consumers';
import type { Spiral, TaskRequest } from '../../spiral.ts';
import { agentFrom, promptLimitFrom, refuseMistypedCommand, timeoutFrom } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { UsageError } from '../usage-error.ts';
import { openSystem } from './open-system.ts';
import { watchTask } from './watch-task.ts';

/** The options of `spiral run`, as they were typed. */
export type RunOptions = {
  readonly agent?: string;
  readonly workspace?: string;
  readonly maxPrompts?: string;
  readonly timeout?: string;
  readonly model?: string;
  readonly json?: boolean;
};

/**
 * `spiral "task"`: submits one task and drives it in this process.
 *
 * @param commands names that a task of one word must not resemble; empty when the person wrote `run`
 */
export async function run(
  task: string,
  options: RunOptions,
  context: CommandContext,
  commands: readonly string[],
): Promise<number> {
  refuseMistypedCommand(task, commands);
  const request: TaskRequest = {
    text: task === '-' ? await readAll(process.stdin) : task,
    agent: agentFrom(options.agent ?? 'developer'),
    workspace: options.workspace ?? './agent-workspace',
    ...(options.maxPrompts === undefined ? {} : { promptLimit: promptLimitFrom(options.maxPrompts) }),
    ...(options.timeout === undefined ? {} : { roundTimeoutSeconds: timeoutFrom(options.timeout) }),
    ...(options.model === undefined ? {} : { model: options.model }),
    origin: 'cli',
  };
  const spiral = await openSystem(context, ['containment']);
  try {
    return await submitAndWatch(spiral, request, options.json === true);
  } finally {
    await spiral.close();
  }
}

/** Submits a task to be driven here and shows it to its end. */
export async function submitAndWatch(spiral: Spiral, request: TaskRequest, json: boolean): Promise<number> {
  const submission = await spiral.submit(request, { driveHere: true });
  if (submission.kind === 'refused') throw new UsageError(submission.problem, submission.cure);
  const exitCode = await watchTask(spiral, submission.taskId, { json });
  if (!json) await tellOfInterrupted(spiral);
  return exitCode;
}

/** A kill leaves a task where it was; whoever comes back should hear of it. */
async function tellOfInterrupted(spiral: Spiral): Promise<void> {
  for (const { id } of (await spiral.abandoned()).slice(0, 1)) {
    process.stderr.write(`ℹ️  Task ${id} was interrupted earlier. Go on with it: spiral tasks continue ${id}\n`);
  }
}
