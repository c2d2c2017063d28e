import type { SpiralEvent } from '../../domain/event.ts';
import { positionFrom } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { logLine } from '../render/log-line.ts';
import { findTask } from './find-task.ts';
import { openSystem } from './open-system.ts';
import { onInterrupt } from './watch-task.ts';

const page = 500;

/** `spiral events`: the log, and with `--follow` each new event until it is stopped. */
export async function events(
  options: { readonly follow?: boolean; readonly task?: string; readonly after?: string; readonly json?: boolean },
  context: CommandContext,
): Promise<number> {
  let after = options.after === undefined ? 0 : positionFrom(options.after);
  const spiral = await openSystem(context);
  const stop = new AbortController();
  const interrupts = onInterrupt(
    () => stop.abort(),
    () => process.exit(exitCodes.cancelled),
  );
  try {
    const filter = options.task === undefined ? {} : { taskId: (await findTask(spiral, options.task)).id };
    const print = (event: SpiralEvent) =>
      process.stdout.write(`${options.json ? JSON.stringify(event) : logLine(event)}\n`);
    if (options.follow) {
      for await (const event of spiral.watch({ after, ...filter }, stop.signal)) print(event);
      return exitCodes.succeeded;
    }
    for (;;) {
      const found = await spiral.events({ after, ...filter }, page);
      for (const event of found) print(event);
      after = found.at(-1)?.id ?? after;
      if (found.length < page || stop.signal.aborted) return exitCodes.succeeded;
    }
  } finally {
    interrupts.stop();
    await spiral.close();
  }
}
