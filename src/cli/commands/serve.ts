import type { Spiral } from '../../spiral.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { openSystem, tellNotices } from './open-system.ts';
import { onInterrupt } from './watch-task.ts';

/** `spiral serve`: works on this machine's tasks until it is told to stop; a second signal ends everything at once. */
export function serve(context: CommandContext): Promise<number> {
  return workFor(context, '🌀 Spiral serves this machine. Ctrl-C stops it.', (spiral, signal, ready) =>
    spiral.serve(signal, ready),
  );
}

/** `spiral worker`: lets agents answer their messages, beside any number of others. */
export function worker(context: CommandContext): Promise<number> {
  return workFor(context, '🌀 Spiral answers messages. Ctrl-C stops it.', (spiral, signal, ready) =>
    spiral.work(signal, ready),
  );
}

async function workFor(
  context: CommandContext,
  greeting: string,
  work: (spiral: Spiral, signal: AbortSignal, ready: () => void) => Promise<void>,
): Promise<number> {
  let spiral: Spiral | undefined;
  const stop = new AbortController();
  const interrupts = onInterrupt(
    () => {
      process.stderr.write('🛑 Stopping: running steps are handed back... (again: at once)\n');
      stop.abort();
    },
    () => {
      spiral?.kill();
      process.exit(exitCodes.cancelled);
    },
  );
  try {
    const opened = await openSystem(context, ['configuration'], { serves: true });
    spiral = opened;
    await work(opened, stop.signal, () => {
      tellNotices(opened, ['containment', 'budget']);
      process.stderr.write(`${greeting}\n`);
    });
    return exitCodes.succeeded;
  } finally {
    interrupts.stop();
    await spiral?.close();
  }
}
