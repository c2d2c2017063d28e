import { existsSync, readdirSync } from 'node:fs';
import { demoPlays } from '../../spiral.ts';
import type { CommandContext } from '../command-context.ts';
import { UsageError } from '../usage-error.ts';
import { tellNotices } from './open-system.ts';
import { submitAndWatch } from './run.ts';

/** `spiral demo [what]`: the main job, a project or a review, with a scripted model. */
export async function demo(
  what: string,
  options: { readonly workspace?: string; readonly json?: boolean },
  { installation, configPath }: CommandContext,
): Promise<number> {
  const play = demoPlays.find((one) => one === what);
  if (!play) throw new UsageError(`There is no demo “${what}”.`, `There are: ${demoPlays.join(', ')}`);
  const { spiral, request, workspace } = await (await installation()).openDemo({
    play,
    workspace: options.workspace ?? freeFolder('./agent-workspace/demo'),
    ...(configPath === undefined ? {} : { configPath }),
  });
  tellNotices(spiral, ['reaped']);
  try {
    const exitCode = await submitAndWatch(spiral, request, options.json === true);
    if (!options.json) process.stdout.write(`📁 Look at it: ${workspace}\n`);
    return exitCode;
  } finally {
    await spiral.close();
  }
}

/** The folder itself, or the first of `folder-2`, `folder-3`… that holds nothing: an earlier demo stays as it is. */
function freeFolder(folder: string): string {
  const isFree = (path: string) => !existsSync(path) || readdirSync(path).length === 0;
  for (let number = 1; ; number += 1) {
    const path = number === 1 ? folder : `${folder}-${number}`;
    if (isFree(path)) return path;
  }
}
