import type { Notice, Spiral } from '../../spiral.ts';
import type { CommandContext } from '../command-context.ts';
import { plainText } from '../plain-text.ts';

/**
 * Opens the system for a command and says on stderr what a person should know of it.
 *
 * @param about kinds of notices that this command tells; what was left behind and ended is told by every command
 */
export async function openSystem(
  { installation, configPath }: CommandContext,
  about: readonly Notice['about'][] = [],
): Promise<Spiral> {
  const spiral = await (await installation()).open(configPath === undefined ? {} : { configPath });
  tellNotices(spiral, about);
  return spiral;
}

export function tellNotices({ notices }: Spiral, about: readonly Notice['about'][]): void {
  for (const notice of notices) {
    if (notice.about === 'reaped' || about.includes(notice.about))
      process.stderr.write(`ℹ️  ${plainText(notice.text)}\n`);
  }
}
