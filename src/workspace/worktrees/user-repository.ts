import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { attemptGit, failureOf, type GitCall, type GitResult, type GitSetting, git } from '../git/git.ts';
import { WorkspaceError } from '../workspace.ts';
import type { WorktreeSetting } from './setting.ts';
import { type UserConfiguration, userConfiguration } from './user-configuration.ts';

/** The first that can merge without touching anything (`git merge-tree --write-tree`). */
const oldestGit = [2, 38] as const;

/**
 * A repository of the user's. Nothing that is configured for it, or planted in a worktree, is ever run: no hook, filter,
 * merge driver, file watcher, text converter or credential helper.
 */
export type UserRepository = {
  /** Its working tree. */
  readonly path: string;
  readonly gitFolder: string;
  /** The same, but in a linked worktree of the user's: there it is the folder that all worktrees share. */
  readonly commonFolder: string;
  readonly configuration: UserConfiguration;
  /** Runs git on its own index and working tree. */
  attempt(args: readonly string[], input?: Buffer): Promise<GitResult>;
  run(args: readonly string[], input?: Buffer): Promise<Buffer>;
  /** Runs git on commits alone, so that no file of a worktree, such as a `.gitattributes`, has a say. */
  attemptOnHistory(args: readonly string[], more?: Partial<GitCall>): Promise<GitResult>;
  runOnHistory(args: readonly string[], more?: Partial<GitCall>): Promise<Buffer>;
  /** Runs git on another working tree, with an index of its own. The `.git` in that folder is never looked at. */
  runOnWorktree(workspace: string, index: string, args: readonly string[], input?: Buffer): Promise<Buffer>;
  attemptOnWorktree(workspace: string, index: string, args: readonly string[], input?: Buffer): Promise<GitResult>;
};

/** Git would keep parts of the index in other files, or leave parts of the working tree away. */
export const wholeWorktree: readonly GitSetting[] = [
  ['core.splitIndex', 'false'],
  ['core.sparseCheckout', 'false'],
  ['index.sparse', 'false'],
];

const onlyHistory: readonly GitSetting[] = [
  ['core.bare', 'true'],
  ['core.attributesFile', '/dev/null'],
];

/** Opens a repository by its root. Throws `WorkspaceError`: it is gone, git is too old or not there. */
export async function openUserRepository(setting: WorktreeSetting, path: string): Promise<UserRepository> {
  await requireGit(setting);
  if (!existsSync(path)) throw gone(path);
  const environment = plainEnvironment(setting);
  const found = await attemptGit({
    args: ['rev-parse', '--path-format=absolute', '--git-dir', '--git-common-dir', '--show-toplevel'],
    // Never a repository around it, when its own is gone.
    environment: { ...environment, GIT_CEILING_DIRECTORIES: join(path, '..') },
    cwd: path,
  });
  const [gitFolder, commonFolder, root] = found.output.toString().split('\n');
  if (found.exitCode !== 0 || !gitFolder || !commonFolder || root !== path) throw gone(path);
  const listed = await git({
    args: ['config', '--list', '-z', '--show-scope'],
    environment: { ...environment, GIT_DIR: gitFolder, GIT_CONFIG_GLOBAL: globalConfiguration(setting) },
    cwd: path,
  });
  const configuration = userConfiguration(listed.toString());
  const { settings, identity } = configuration;
  const commonEnvironment = { ...environment, ...committer(identity.name, identity.email) };

  const onIt = (args: readonly string[], input?: Buffer): GitCall => ({
    args,
    environment: { ...commonEnvironment, GIT_DIR: gitFolder, GIT_WORK_TREE: path },
    cwd: path,
    settings,
    ...(input ? { input } : {}),
  });
  const onHistory = (args: readonly string[], more: Partial<GitCall> = {}): GitCall => ({
    args,
    environment: { ...commonEnvironment, GIT_DIR: commonFolder },
    cwd: commonFolder,
    settings: [...settings, ...onlyHistory],
    ...more,
  });
  const onWorktree = (workspace: string, index: string, args: readonly string[], input?: Buffer): GitCall => ({
    args,
    environment: { ...commonEnvironment, GIT_DIR: gitFolder, GIT_WORK_TREE: workspace, GIT_INDEX_FILE: index },
    cwd: workspace,
    settings: [...settings, ...wholeWorktree],
    ...(input ? { input } : {}),
  });
  return {
    path,
    gitFolder,
    commonFolder,
    configuration,
    attempt: (args, input) => attemptGit(onIt(args, input)),
    run: (args, input) => git(onIt(args, input)),
    attemptOnHistory: (args, more) => attemptGit(onHistory(args, more)),
    runOnHistory: (args, more) => git(onHistory(args, more)),
    attemptOnWorktree: (workspace, index, args, input) => attemptGit(onWorktree(workspace, index, args, input)),
    runOnWorktree: (workspace, index, args, input) => git(onWorktree(workspace, index, args, input)),
  };
}

/** Throws `WorkspaceError` when there is no git that can do what worktrees need. */
export async function requireGit(setting: WorktreeSetting): Promise<void> {
  const printed = await git({ args: ['version'], environment: plainEnvironment(setting), cwd: setting.stateRoot });
  const version = printed.toString().trim().replace('git version ', '');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > oldestGit[0] || (major === oldestGit[0] && minor >= oldestGit[1])) return;
  throw new WorkspaceError(
    `git ${version} is too old to work for a repository`,
    `Install git ${oldestGit.join('.')} or newer.`,
  );
}

/** What a commit is called, or undefined when there is none by that name. */
export async function commitAt(repository: UserRepository, name: string): Promise<string | undefined> {
  const args = ['rev-parse', '--verify', '--quiet', `${name}^{commit}`];
  const result = await repository.attempt(args);
  if (result.exitCode === 0) return result.output.toString().trim();
  if (result.exitCode === 1 && result.complaint === '') return undefined;
  throw failureOf(args, result);
}

/** The clean environment of git, which finds the user's own files under their home folder. */
export function plainEnvironment({ environment, userHome }: WorktreeSetting): Record<string, string> {
  const own = environment['XDG_CONFIG_HOME'];
  return {
    PATH: environment['PATH'] ?? '',
    HOME: userHome,
    ...(own === undefined ? {} : { XDG_CONFIG_HOME: own }),
  };
}

/** The one of the two places that git would read last. */
function globalConfiguration(setting: WorktreeSetting): string {
  const usual = join(setting.userHome, '.gitconfig');
  if (existsSync(usual)) return usual;
  return join(setting.environment['XDG_CONFIG_HOME'] ?? join(setting.userHome, '.config'), 'git', 'config');
}

function committer(name: string, email: string): Record<string, string> {
  return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
}

function gone(path: string): WorkspaceError {
  return new WorkspaceError(`the repository ${path} is gone`, 'Bring it back to where it was.');
}
