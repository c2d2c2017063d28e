import type { SpiralEvent } from '../../domain/event.ts';
import { positionFrom } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { oneLine } from '../plain-text.ts';
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
      process.stdout.write(`${options.json ? JSON.stringify(event) : lineOf(event)}\n`);
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

function lineOf(event: SpiralEvent): string {
  const { id, at, type, taskId, ...rest } = event;
  const time = at.slice(0, 19).replace('T', ' ');
  return `${String(id).padStart(6)}  ${time}  ${taskId}  ${type.padEnd(16)} ${oneLine(textOf(type, rest), 120)}`;
}

/** The most telling field of an event; the whole is there with `--json`. */
function textOf(type: SpiralEvent['type'], fields: Readonly<Record<string, unknown>>): string {
  if (type === 'task.finished') {
    const { outcome } = fields;
    return typeof outcome === 'object' && outcome !== null && 'status' in outcome && 'summary' in outcome
      ? `${outcome.status}: ${outcome.summary}`
      : '';
  }
  const telling = ['text', 'path', 'command', 'reason', 'complexity', 'error', 'used', 'sessionId'];
  const words = telling.flatMap((name) => {
    const value = fields[name];
    return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
  });
  const outcome = type === 'command.ran' ? (fields['success'] === true ? '✅ ' : '❌ ') : '';
  const counts =
    type === 'tests.ran' ? ` ${fields['passed']} passed, ${fields['failed']} failed (${fields['by']})` : '';
  const change = type === 'file.changed' ? `${fields['change']} ` : '';
  // Quoted, as everywhere: the model's own words, which nobody has checked.
  const said = fields['by'] === 'model' ? `“${words[0] ?? ''}”` : (words[0] ?? '');
  return `${outcome}${change}${said}${counts}`;
}
