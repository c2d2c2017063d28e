import type { Notice, OpenOptions, Spiral } from '../../spiral.ts';
import type { CommandContext } from '../command-context.ts';
import { plainText } from '../plain-text.ts';

/**
 * Opens the system for a command and says on stderr what a person should know of it.
 *
 * @param about kinds of notices that this command tells; what was left behind and ended is told by every command
 */
export async function openSystem(
  context: CommandContext,
  about: readonly Notice['about'][] = [],
  { serves = false }: Pick<OpenOptions, 'serves'> = {},
): Promise<Spiral> {
  const spiral = await (await context.installation()).open({ ...placeOf(context), onProblem: tellProblem, serves });
  tellNotices(spiral, ['reaped', ...about]);
  return spiral;
}

/** Opens the system for one deed and closes it again, however the deed ends. */
export async function withSystem<Result>(
  context: CommandContext,
  deed: (spiral: Spiral) => Promise<Result>,
  about: readonly Notice['about'][] = [],
): Promise<Result> {
  const spiral = await openSystem(context, about);
  try {
    return await deed(spiral);
  } finally {
    await spiral.close();
  }
}

const clearLine = '\r\u001b[2K';

/** What went wrong beside the work, in a line of its own: a status line may stand there. */
export function tellProblem(problem: string): void {
  process.stderr.write(`${process.stderr.isTTY ? clearLine : ''}⚠️  ${plainText(problem)}\n`);
}

/** Where the configuration comes from. */
export function placeOf({ configPath }: CommandContext): { readonly configPath?: string } {
  return configPath === undefined ? {} : { configPath };
}

const told = new WeakSet<Notice>();

/** Each is told once, however many tasks are watched one after another. */
export function tellNotices({ notices }: Spiral, about: readonly Notice['about'][]): void {
  for (const notice of notices) {
    if (!about.includes(notice.about) || told.has(notice)) continue;
    told.add(notice);
    process.stderr.write(`ℹ️  ${plainText(notice.text)}\n`);
  }
}

/** True where requests are not booked as they are made, and a cost is what Claude Code tells of itself. */
export function isEstimated({ notices }: Spiral): boolean {
  return notices.some(({ about }) => about === 'budget');
}
