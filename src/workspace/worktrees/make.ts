import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../../domain/task.ts';
import { removeTree } from '../files/remove-tree.ts';
import { copyIndex } from '../git/copy-index.ts';
import { git } from '../git/git.ts';
import { type SetupSetting, WorkspaceError } from '../workspace.ts';
import { nameOfWorkspace } from '../workspace-name.ts';
import { administrationOf, forgetWorktree } from './administration.ts';
import { copyFiles } from './copy-files.ts';
import { type Place, placeOfWorktree, worktreesFolder } from './place.ts';
import { readRecord, type WorktreeRecord, writeRecord } from './record.ts';
import type { WorktreeSetting } from './setting.ts';
import {
  commitAt,
  openUserRepository,
  plainEnvironment,
  type UserRepository,
  wholeWorktree,
} from './user-repository.ts';

const keptOutputBytes = 256 * 1024;

export type MadeWorktree = Pick<WorktreeRecord, 'setup'>;

/**
 * Makes the worktree and its branch, copies the files that are named, and runs the setup. Until all of that is done nobody
 * has worked there, so what a kill left half made is thrown away and made again; afterwards nothing is done a second time.
 */
export async function makeWorktree(
  setting: WorktreeSetting,
  workspace: string,
  repository: Repository,
  setup: SetupSetting,
  signal: AbortSignal,
): Promise<MadeWorktree> {
  const place = placeOfWorktree(setting.stateRoot, workspace, repository);
  const made = await readRecord(place.record);
  if (made) return resultOf(made);
  const user = await openUserRepository(setting, repository.path);
  await mkdir(worktreesFolder(setting.stateRoot), { recursive: true, mode: 0o700 });
  await addWorktree(setting, user, place, repository);
  const { copied, told } = await copyFiles(repository.path, workspace, setup.copy);
  const ran = await runSetup(setting, place, setup, signal);
  const output = [...told, ran?.output ?? ''].filter((text) => text !== '').join('\n');
  const record: WorktreeRecord = {
    repository,
    copied: [...copied],
    ...(ran || told.length > 0 ? { setup: { exitCode: ran ? ran.exitCode : 0, output } } : {}),
  };
  if (!signal.aborted) await writeRecord(place.record, record);
  return resultOf(record);
}

function resultOf({ setup }: WorktreeRecord): MadeWorktree {
  return setup ? { setup } : {};
}

async function addWorktree(setting: WorktreeSetting, user: UserRepository, place: Place, repository: Repository) {
  const { workspace, index } = place;
  const { branch, base } = repository;
  await forgetWorktree(user, place);
  await removeTree(workspace);
  await rm(index, { force: true });
  await makeBranch(user, branch, base);
  // Git would make a worktree whose paths are relative, and write that into the user's configuration, if that is set.
  await user.run([
    '-c',
    'worktree.useRelativePaths=false',
    'worktree',
    'add',
    '--quiet',
    '--no-checkout',
    workspace,
    branch,
  ]);
  const administration = await administrationOf(user, place);
  if (!administration) throw new WorkspaceError(`git did not make the worktree ${workspace}`, 'Try again.');
  await git({
    args: ['reset', '--hard', '--quiet', base],
    environment: { ...plainEnvironment(setting), GIT_DIR: administration, GIT_WORK_TREE: workspace },
    cwd: workspace,
    settings: [...user.configuration.settings, ...wholeWorktree],
  });
  await copyIndex(join(administration, 'index'), index);
}

async function makeBranch(user: UserRepository, branch: string, base: string): Promise<void> {
  const reference = `refs/heads/${branch}`;
  // Of our own branch: a kill left it, for nobody else writes it before the worktree is there.
  await rm(join(user.commonFolder, `${reference}.lock`), { force: true });
  const existing = await commitAt(user, reference);
  if (existing === base) return;
  if (existing) {
    throw new WorkspaceError(
      `the branch ${branch} is there already, with other work`,
      `Rename it: git branch -m ${branch} NAME`,
    );
  }
  const nothing = '0'.repeat(base.length);
  await user.run(['update-ref', '-m', 'spiral: begin', reference, base, nothing]);
}

async function runSetup(
  { sandbox, environment }: WorktreeSetting,
  { workspace, task }: Place,
  { command, timeoutMs }: SetupSetting,
  signal: AbortSignal,
): Promise<WorktreeRecord['setup']> {
  if (command === undefined) return undefined;
  const result = await sandbox.run(
    {
      command: '/bin/sh',
      args: ['-c', command],
      cwd: workspace,
      env: environment,
      purpose: `setup of task ${task}`,
      taskId: task,
      // A person wrote the command down, so it may fetch what it wants; it still has no business outside.
      confinement: { writable: [workspace], network: 'host', home: nameOfWorkspace(workspace) },
    },
    { timeoutMs, outputBytes: keptOutputBytes },
    signal,
  );
  const reason = result.notStarted ?? (result.timedOut ? `it was ended after ${timeoutMs / 1000} s` : '');
  return { exitCode: result.exitCode, output: [result.output, reason].filter((text) => text !== '').join('\n') };
}
