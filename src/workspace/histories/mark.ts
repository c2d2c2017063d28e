import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { beginningOf } from '../files/bounded-text.ts';
import { attemptGit } from '../git/git.ts';
import { nameOfWorkspace } from '../workspace-name.ts';
import type { HistorySetting } from './setting.ts';

/**
 * What says that a repository is ours: under the state root, where no agent can write, which folder it lies in, and the same
 * id in the repository's own configuration. Another repository in that folder, or a copy of it elsewhere, is not ours.
 */
const markSchema = z.object({ workspace: z.string(), project: z.string() });

export type Mark = z.infer<typeof markSchema>;

export const markKey = 'spiral.project';

const largestConfiguration = 1024 * 1024;

/** The folder under the state root that belongs to the history of one workspace. */
export function historyFolder({ stateRoot }: HistorySetting, workspace: string): string {
  return join(stateRoot, 'histories', nameOfWorkspace(workspace));
}

/** Undefined when no history was ever begun in this folder. */
export async function readMark(setting: HistorySetting, workspace: string): Promise<Mark | undefined> {
  try {
    const text = await readFile(join(historyFolder(setting, workspace), 'mark.json'), 'utf8');
    const mark = markSchema.parse(JSON.parse(text));
    return mark.workspace === workspace ? mark : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** There as a whole or not at all, also when we are killed in the middle. */
export async function writeMark(setting: HistorySetting, mark: Mark): Promise<void> {
  const folder = historyFolder(setting, mark.workspace);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'mark.json.new'), JSON.stringify(mark), { mode: 0o600, flush: true });
  await rename(join(folder, 'mark.json.new'), join(folder, 'mark.json'));
}

/**
 * What the configuration of a repository says, keys in small letters; undefined when it cannot be read. Nothing of it is
 * obeyed, and no file that it includes is opened.
 */
export async function configurationIn(
  { stateRoot, shadow }: HistorySetting,
  gitFolder: string,
): Promise<ReadonlyMap<string, string> | undefined> {
  const text = await beginningOf(join(gitFolder, 'config'), largestConfiguration);
  if (text === undefined) return undefined;
  const listed = await attemptGit({
    args: ['config', '--file', '-', '--no-includes', '--null', '--list'],
    // Not the repository that the state root may lie in.
    environment: { PATH: shadow.searchPath, GIT_DIR: '/dev/null' },
    cwd: stateRoot,
    input: text,
  });
  if (listed.exitCode !== 0) return undefined;
  const entries = listed.output.toString().split('\0').slice(0, -1);
  return new Map(
    entries.map((entry): [string, string] => {
      const end = entry.indexOf('\n');
      return end < 0 ? [entry, 'true'] : [entry.slice(0, end), entry.slice(end + 1)];
    }),
  );
}
