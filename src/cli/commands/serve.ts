import type { DiscordSettings } from '../../spiral/surface.ts';
import type { Spiral } from '../../spiral.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { plainText } from '../plain-text.ts';
import { openSystem, placeOf, tellNotices, tellProblem } from './open-system.ts';
import { onInterrupt } from './watch-task.ts';

/** `spiral serve`: works on this machine's tasks until it is told to stop; a second signal ends everything at once. */
export function serve(context: CommandContext): Promise<number> {
  return workFor(context, '🌀 Spiral serves this machine. Ctrl-C stops it.', async (spiral, signal, ready) => {
    const settings = await (await context.installation()).discord(placeOf(context));
    const ending = new AbortController();
    const chat = settings && beDiscord(context, spiral, settings, AbortSignal.any([signal, ending.signal]));
    try {
      await spiral.serve(signal, ready);
    } finally {
      ending.abort();
      await chat;
    }
  });
}

/** Whatever happens to it, the work goes on. */
async function beDiscord(
  context: CommandContext,
  spiral: Spiral,
  settings: DiscordSettings,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { run } = await context.discord();
    await run(spiral, settings, tellLine, signal);
  } catch (error) {
    tellProblem(`Discord ended: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function tellLine(line: string): void {
  process.stderr.write(`💬 ${plainText(line)}\n`);
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
