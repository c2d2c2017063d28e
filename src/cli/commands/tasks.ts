import { countFrom } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { oneLine, plainText } from '../plain-text.ts';
import { detailLines } from '../render/task-details.ts';
import { taskLines } from '../render/task-list.ts';
import { findTask } from './find-task.ts';
import { isEstimated, withSystem } from './open-system.ts';
import { print } from './print.ts';

/** `spiral tasks`. */
export async function listTasks(
  options: { readonly limit: string; readonly json?: boolean },
  context: CommandContext,
): Promise<number> {
  const limit = countFrom(options.limit);
  return withSystem(context, async (spiral) => {
    const tasks = await spiral.tasks(limit);
    print(
      options.json
        ? tasks.map((task) => JSON.stringify(task))
        : taskLines(tasks, { now: Date.now(), estimated: isEstimated(spiral) }),
    );
    return exitCodes.succeeded;
  });
}

/** `spiral tasks show ID`. */
export async function showTask(
  id: string,
  options: { readonly output?: boolean },
  context: CommandContext,
): Promise<number> {
  return withSystem(context, async (spiral) => {
    const task = await findTask(spiral, id);
    if (!options.output) {
      print(detailLines(task, { now: Date.now(), estimated: isEstimated(spiral) }));
      return exitCodes.succeeded;
    }
    for (const piece of await spiral.output(task.id)) {
      print([
        `── round ${piece.round} · ${piece.kind} · ${oneLine(piece.title, 80)}`,
        plainText(piece.text).trimEnd(),
        '',
      ]);
    }
    return exitCodes.succeeded;
  });
}
