import type { CommandContext } from '../command-context.ts';
import { UsageError } from '../usage-error.ts';
import { findTask } from './find-task.ts';
import { openSystem } from './open-system.ts';
import { watchTask } from './watch-task.ts';

/** `spiral tasks continue ID`: takes an interrupted task up in this process. */
export async function continueTask(
  id: string,
  options: { readonly json?: boolean },
  context: CommandContext,
): Promise<number> {
  const spiral = await openSystem(context);
  try {
    const task = await findTask(spiral, id);
    if (task.state.kind === 'finished') {
      throw new UsageError(
        `Task ${task.id} is over (${task.state.status}).`,
        'Give a new task in the same workspace with -w.',
      );
    }
    if (task.driven) {
      throw new UsageError(
        `Task ${task.id} is being worked on.`,
        `Watch it with: spiral events --follow --task ${task.id}`,
      );
    }
    return await watchTask(spiral, task.id, {
      json: options.json === true,
      after: await spiral.lastEvent(),
      state: { promptLimit: task.promptLimit, rehearsed: task.origin === 'demo' },
    });
  } finally {
    await spiral.close();
  }
}
