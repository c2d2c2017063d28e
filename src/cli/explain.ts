import { SpiralError } from '../spiral.ts';
import { exitCodes } from './exit-code.ts';
import { plainText } from './plain-text.ts';
import { UsageError } from './usage-error.ts';

/** Prints an error as a person can use it and gives back the exit code. */
export function explain(error: unknown, args: readonly string[]): number {
  if (error instanceof UsageError || error instanceof SpiralError) {
    process.stderr.write(`❌ ${plainText(error.message)}\n   ${plainText(error.cure)}\n`);
    return error instanceof SpiralError && error.kind === 'unavailable' ? exitCodes.failed : exitCodes.usage;
  }
  // Not a mistake of the person's: a fault of ours, or of the machine. The one place where a stack helps.
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`❌ Spiral failed unexpectedly in: spiral ${args[0] ?? ''}\n${plainText(stack)}\n`);
  return exitCodes.failed;
}
