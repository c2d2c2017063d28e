import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-code.ts';

/** `spiral init`: commented examples of the configuration. What is there already is kept. */
export async function init(folder: string | undefined, { installation, configPath }: CommandContext): Promise<number> {
  const { written, kept } = await (await installation()).writeExamples(
    configPath === undefined ? {} : { configPath },
    folder,
  );
  for (const path of written) process.stdout.write(`✅ Wrote ${path}\n`);
  for (const path of kept) process.stdout.write(`ℹ️  Kept ${path} as it is\n`);
  process.stdout.write('Next: spiral doctor\n');
  return exitCodes.succeeded;
}
