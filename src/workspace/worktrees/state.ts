import { lstat, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { normalize } from 'node:path/posix';
import type { Repository } from '../../domain/task.ts';
import { type BytePath, bytePath, pathLines, pathsIn } from '../files/byte-path.ts';
import { bytePathsOf } from '../files/walk.ts';
import { copyIndex } from '../git/copy-index.ts';
import { failureOf } from '../git/git.ts';
import { bringUpToDate } from '../git/index-of-folder.ts';
import { WorkspaceError } from '../workspace.ts';
import { type Place, worktreesFolder } from './place.ts';
import { readRecord } from './record.ts';
import type { WorktreeSetting } from './setting.ts';
import type { UserRepository } from './user-repository.ts';

/**
 * The state of the files in a worktree as a git tree. What the repository ignores is left out, and so are the files that
 * were copied into it. Files of a repository that was made inside are taken one by one; a submodule stays as it was.
 *
 * @param index brought up to date with it
 */
export async function treeOf(repository: UserRepository, place: Place, index: string): Promise<string> {
  const { workspace } = place;
  const record = await readRecord(place.record);
  const folder = await lstat(workspace).catch(() => undefined);
  // A link would make strangers' files the work, and of a half-made worktree the missing half would look deleted.
  if (!record || !folder?.isDirectory()) {
    throw new WorkspaceError(`the worktree ${workspace} is gone`, 'What was committed is on its branch.');
  }
  const run = (args: readonly string[], input?: Buffer) => repository.runOnWorktree(workspace, index, args, input);
  const copied = new Set(record.copied.map((path) => bytePath(normalize(path))));
  let submodules: BytePath[] = [];
  let tracked: BytePath[] = [];
  await bringUpToDate(
    run,
    workspace,
    async () => {
      const entries = pathsIn(await run(['ls-files', '--stage', '-z']));
      const isSubmodule = (entry: string) => entry.startsWith('160000 ');
      submodules = entries.filter(isSubmodule).map(pathOf);
      tracked = entries.filter((entry) => !isSubmodule(entry)).map(pathOf);
      return tracked;
    },
    async () => {
      const known = new Set(tracked);
      const fresh = (await bytePathsOf(workspace)).filter(
        (path) => !known.has(path) && !copied.has(path) && !submodules.some((outer) => path.startsWith(`${outer}/`)),
      );
      const ignored = new Set(await ignoredOf(repository, workspace, index, fresh));
      return fresh.filter((path) => !ignored.has(path));
    },
  );
  return (await run(['write-tree'])).toString().trim();
}

/** The same without a trace in the index, for somebody who only looks. */
export async function treeAside(
  setting: WorktreeSetting,
  repository: UserRepository,
  place: Place,
  begin: Repository,
): Promise<string> {
  const folder = await mkdtemp(join(worktreesFolder(setting.stateRoot), '.index-'));
  try {
    const index = join(folder, 'index');
    await copyIndex(place.index, index).catch(() => undefined); // When there is none it is made below.
    await requireIndex(repository, place, index, begin.base);
    return await treeOf(repository, place, index);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A power cut can destroy an index. It only saves reading files again, so it is made anew. */
export async function requireIndex(repository: UserRepository, { workspace }: Place, index: string, commit: string) {
  await rm(`${index}.lock`, { force: true });
  const read = await repository.attemptOnWorktree(workspace, index, ['ls-files', '--stage', '-z']);
  if (read.exitCode === 0 && read.output.length > 0) return;
  await rm(index, { force: true });
  await repository.runOnWorktree(workspace, index, ['read-tree', commit]);
}

async function ignoredOf(repository: UserRepository, workspace: string, index: string, paths: readonly BytePath[]) {
  if (paths.length === 0) return [];
  const args = ['check-ignore', '-z', '--stdin'];
  const result = await repository.attemptOnWorktree(workspace, index, args, pathLines(paths.map(plain)));
  // 1: none of them.
  if (result.exitCode !== 0 && result.exitCode !== 1) throw failureOf(args, result);
  return pathsIn(result.output).map((path) => path.slice('./'.length) as BytePath);
}

/** Git would read a name that begins with a colon as a pattern. */
function plain(path: BytePath): BytePath {
  return `./${path}` as BytePath;
}

/** Behind mode, name and stage. */
function pathOf(entry: BytePath): BytePath {
  return entry.slice(entry.indexOf('\t') + 1) as BytePath;
}
