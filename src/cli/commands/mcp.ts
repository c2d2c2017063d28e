import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { untilInterrupted } from './tools-gate.ts';

/** `spiral mcp`: every tool for one client of the Model Context Protocol, which has our standard output for itself. */
export function serveMcp({ workspace }: { readonly workspace?: string }, context: CommandContext): Promise<number> {
  return untilInterrupted(context, async (spiral, signal) => {
    const channel = { input: process.stdin, output: process.stdout };
    await spiral.serveMcp({ ...channel, ...(workspace === undefined ? {} : { workspace }) }, signal);
    return exitCodes.succeeded;
  });
}
