import { existsSync, readdirSync } from 'node:fs';
import type { CommandContext } from '../command-context.ts';
import { tellNotices } from './open-system.ts';
import { submitAndWatch } from './run.ts';

/** `spiral demo`: the main job with a scripted model. */
export async function demo(
  options: { readonly workspace?: string; readonly json?: boolean },
  { installation, configPath }: CommandContext,
): Promise<number> {
  const { spiral, task, workspace } = await (await installation()).openDemo({
    workspace: options.workspace ?? freeFolder('./agent-workspace/demo'),
    ...(configPath === undefined ? {} : { configPath }),
  });
  tellNotices(spiral, ['reaped']);
  try {
    const request = { text: task, agent: 'developer', workspace, origin: 'demo' } as const;
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
