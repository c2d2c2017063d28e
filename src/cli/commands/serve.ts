import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { openSystem, tellNotices } from './open-system.ts';
import { onInterrupt } from './watch-task.ts';

/** `spiral serve`: works on this machine's tasks until it is told to stop; a second signal ends everything at once. */
export async function serve(context: CommandContext): Promise<number> {
  const spiral = await openSystem(context, ['configuration']);
  const stop = new AbortController();
  const interrupts = onInterrupt(
    () => {
      process.stderr.write('🛑 Stopping: running steps are handed back... (again: at once)\n');
      stop.abort();
    },
    () => {
      spiral.kill();
      process.exit(exitCodes.cancelled);
    },
  );
  try {
    await spiral.serve(stop.signal, () => {
      tellNotices(spiral, ['containment', 'budget']);
      process.stderr.write('🌀 Spiral serves this machine. Ctrl-C stops it.\n');
    });
    return exitCodes.succeeded;
  } finally {
    interrupts.stop();
    await spiral.close();
  }
}
