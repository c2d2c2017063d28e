import { text } from 'node:stream/consumers';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';
import { oneLine, plainText } from '../plain-text.ts';
import { UsageError } from '../usage-error.ts';
import { untilInterrupted } from './tools-gate.ts';

/** `spiral tools call NAME JSON`: one call, its output as JSON. */
export async function callTool(
  name: string,
  typed: string,
  { workspace }: { readonly workspace?: string },
  context: CommandContext,
): Promise<number> {
  const input = inputFrom(name, typed === '-' ? await text(process.stdin) : typed);
  return untilInterrupted(context, async (spiral, signal) => {
    const call = { name, input, ...(workspace === undefined ? {} : { workspace }) };
    const { text: said, outcome } = await spiral.callTool(call, signal);
    if (outcome === 'succeeded') {
      process.stdout.write(`${process.stdout.isTTY ? plainText(said) : said}\n`);
      return exitCodes.succeeded;
    }
    if (outcome === 'refused-input')
      throw new UsageError(oneLine(said, 500), `See what it takes: spiral tools show ${name}`);
    process.stderr.write(`❌ ${plainText(said)}\n`);
    return signal.aborted ? exitCodes.cancelled : exitCodes.failed;
  });
}

function inputFrom(name: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new UsageError(
      `The input is no JSON: ${error instanceof Error ? oneLine(error.message, 120) : error}`,
      `For example: spiral tools call ${oneLine(name, 40)} '{"text": "hello"}'`,
    );
  }
}
