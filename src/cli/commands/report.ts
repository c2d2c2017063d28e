import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { morningLines } from '../render/morning.ts';
import { sinceFrom } from '../since.ts';
import { isEstimated, withSystem } from './open-system.ts';
import { print } from './print.ts';

/** `spiral report`: what happened while nobody looked. */
export async function report(
  options: { readonly since: string; readonly json?: boolean },
  context: CommandContext,
): Promise<number> {
  const since = sinceFrom(options.since, new Date());
  return withSystem(context, async (spiral) => {
    const told = await spiral.report(since);
    const setting = { now: Date.now(), estimated: isEstimated(spiral) };
    print(options.json ? [JSON.stringify(told)] : morningLines(told, setting));
    return exitCodes.succeeded;
  });
}
