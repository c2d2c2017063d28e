import { costKeyFrom } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { costLines } from '../render/costs.ts';
import { sinceFrom } from '../since.ts';
import { withSystem } from './open-system.ts';
import { print } from './print.ts';

/** `spiral costs`: what was booked, from the ledger of requests. */
export async function costs(
  options: { readonly by: string; readonly since?: string; readonly json?: boolean },
  context: CommandContext,
): Promise<number> {
  const by = costKeyFrom(options.by);
  const since = options.since === undefined ? undefined : sinceFrom(options.since, new Date());
  return withSystem(
    context,
    async (spiral) => {
      const lines = await spiral.costs(by, since);
      print(options.json ? lines.map((line) => JSON.stringify(line)) : costLines(lines, by));
      return exitCodes.succeeded;
    },
    options.json ? [] : ['budget'],
  );
}
