import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { stoppedLine, stoppedWarnings } from '../render/stopped.ts';
import { UsageError } from '../usage-error.ts';
import { beginningOfId } from './find-task.ts';
import { placeOf } from './open-system.ts';
import { print } from './print.ts';

/** `spiral stop ID|--all`: ends processes first and opens nothing that could keep it waiting. */
export async function stop(
  id: string | undefined,
  options: { readonly all?: boolean },
  context: CommandContext,
): Promise<number> {
  if ((id === undefined) === (options.all !== true)) {
    throw new UsageError(
      id === undefined ? 'Nothing was named to be stopped.' : 'A task and --all exclude each other.',
      'Give the id of a task, or --all: spiral stop --all',
    );
  }
  const task = id === undefined ? undefined : beginningOfId(id);
  const stopped = await (await context.installation()).stop(placeOf(context), task ?? 'all');
  const found = stopped.tasks.length + stopped.processes + stopped.left > 0;
  if (task !== undefined && !found && stopped.recorded) {
    throw new UsageError(`There is no unfinished task ${task}.`, 'List them with: spiral tasks');
  }
  print([stoppedLine(stopped)]);
  for (const line of stoppedWarnings(stopped, task ?? '--all')) process.stderr.write(`${line}\n`);
  if (stopped.left > 0) return exitCodes.failed;
  // Of a task that nobody could look up it cannot be said that it was stopped.
  return found || task === undefined ? exitCodes.succeeded : exitCodes.failed;
}
