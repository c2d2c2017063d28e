import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { TaskId } from '../../domain/identifiers.ts';
import type { Repository } from '../../domain/task.ts';
import { attemptGit, failureOf } from '../git/git.ts';
import { WorkspaceError, type WorkspaceProblem } from '../workspace.ts';
import { endingOf, operationInProgress } from './in-progress.ts';
import { branchOf, placeOf } from './place.ts';
import type { WorktreeSetting } from './setting.ts';
import { commitAt, openUserRepository, plainEnvironment, requireGit, type UserRepository } from './user-repository.ts';

const another = 'name a repository with --repo PATH';

export type PlannedWork = { readonly workspace: string; readonly repository: Repository };

/** Where the worktree of a task would lie, and what it would begin at; nothing is made yet. */
export async function planWork(
  setting: WorktreeSetting,
  path: string,
  task: TaskId,
): Promise<PlannedWork | WorkspaceProblem> {
  try {
    const root = await rootOf(setting, resolve(path));
    if (typeof root !== 'string') return root;
    const repository = await openUserRepository(setting, root);
    const base = await commitAt(repository, 'HEAD');
    if (base === undefined) {
      return { problem: `${root} has no commit yet`, cure: `commit something first: git -C ${root} commit` };
    }
    const problem = await refusal(repository, base);
    if (problem) return problem;
    return {
      workspace: placeOf(setting.stateRoot, task).workspace,
      repository: { path: root, branch: branchOf(task), base },
    };
  } catch (error) {
    if (error instanceof WorkspaceError) return { problem: error.message, cure: error.cure };
    throw error;
  }
}

/** The root of the working tree that a path lies in. */
async function rootOf(setting: WorktreeSetting, path: string): Promise<string | WorkspaceProblem> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) return { problem: `${path} does not exist`, cure: another };
  if (!(await stat(real)).isDirectory()) return { problem: `${path} is a file`, cure: another };
  if (contains(setting.stateRoot, real)) return { problem: `${path} belongs to Spiral's own state`, cure: another };
  await requireGit(setting);
  const ask = async (...what: readonly string[]) => {
    const result = await attemptGit({
      args: ['rev-parse', ...what],
      environment: plainEnvironment(setting),
      cwd: real,
    });
    if (result.exitCode === 0) return result.output.toString().split('\n');
    if (result.exitCode === 128) return undefined;
    throw failureOf(['rev-parse'], result);
  };
  const kind = await ask('--is-bare-repository', '--is-inside-git-dir');
  if (!kind) return { problem: `${path} is not in a git repository`, cure: `${another}, or make it one: git init` };
  const [isBare, isInside] = kind;
  if (isBare === 'true') {
    return {
      problem: `${path} is a bare repository, with no files to work on`,
      cure: 'name a clone of it that has files',
    };
  }
  if (isInside === 'true') {
    return { problem: `${path} lies among a repository's own files`, cure: 'name the folder that holds its .git' };
  }
  const [root = '', ...rest] = (await ask('--show-toplevel')) ?? [];
  if (rest.length !== 1) return { problem: `the path of ${path} has a line break in it`, cure: 'rename the folder' };
  const [outer] = (await ask('--show-superproject-working-tree')) ?? [];
  if (outer) return { problem: `${root} is a submodule of ${outer}`, cure: 'name a clone of its own' };
  return root;
}

async function refusal(repository: UserRepository, base: string): Promise<WorkspaceProblem | undefined> {
  const { path, gitFolder, commonFolder, configuration } = repository;
  const operation = operationInProgress(gitFolder);
  if (operation)
    return { problem: `${path} is in the middle of a ${operation}`, cure: `end it first: ${endingOf(operation)}` };
  if (configuration.isPartial) {
    return {
      problem: `${path} is a partial clone, some of its files are on a server only`,
      cure: 'make a full clone and name that',
    };
  }
  if (configuration.hasOtherWorkTree) {
    return {
      problem: `${path} keeps its files apart from its repository (core.worktree)`,
      cure: 'name a plain clone of it',
    };
  }
  const filtered = await filteredFile(repository, base);
  if (filtered) {
    return {
      problem: `${filtered.path} goes through the filter ${filtered.filter}, a program that Spiral does not run`,
      cure: 'work in a copy of the folder with --workspace DIR',
    };
  }
  if (await commitAt(repository, 'refs/heads/spiral')) {
    return {
      problem: `the branch spiral of ${path} is in the way of branches such as spiral/ID`,
      cure: `rename it: git -C ${path} branch -m spiral NAME`,
    };
  }
  const writable = await access(commonFolder, constants.W_OK).then(
    () => true,
    () => false,
  );
  return writable ? undefined : { problem: `${commonFolder} cannot be written to`, cure: 'name a clone that is yours' };
}

/** The first file that git would hand to a program when it is checked out or committed. */
async function filteredFile(repository: UserRepository, base: string) {
  const { filters } = repository.configuration;
  if (filters.size === 0) return undefined;
  const files = await repository.runOnHistory(['ls-tree', '-r', '-z', '--name-only', '--full-tree', base]);
  const checked = (await repository.run(['check-attr', '-z', '--stdin', 'filter'], files)).toString().split('\0');
  const at = checked.findIndex((value, index) => index % 3 === 2 && filters.has(value));
  return at < 0 ? undefined : { path: checked[at - 2] ?? '', filter: checked[at] ?? '' };
}

function contains(outer: string, inner: string): boolean {
  const way = relative(outer, inner);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
