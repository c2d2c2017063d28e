import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { pendingLines } from '../render/waiting.ts';
import { withSystem } from './open-system.ts';
import { print } from './print.ts';

/** `spiral pending`: everything that waits for a human. */
export async function pending(options: { readonly json?: boolean }, context: CommandContext): Promise<number> {
  return withSystem(context, async (spiral) => {
    const questions = await spiral.pending();
    print(options.json ? questions.map((one) => JSON.stringify(one)) : pendingLines(questions, Date.now()));
    return exitCodes.succeeded;
  });
}
