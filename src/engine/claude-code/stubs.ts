import { lstat, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/*
 * Claude Code's own sandbox puts something in the way of files that a command must not make: settings that some program
 * would obey later. They are empty files that nobody may write, and a kill leaves them behind.
 */

const settings = [
  '.bash_profile',
  '.bashrc',
  '.gitconfig',
  '.gitmodules',
  '.idea',
  '.mcp.json',
  '.profile',
  '.ripgreprc',
  '.vscode',
  '.zprofile',
  '.zshrc',
];
const ownSettings = [
  'agents',
  'commands',
  'hooks',
  'launch.json',
  'loop.md',
  'output-styles',
  'routines',
  'scheduled_tasks.json',
  'settings.json',
  'settings.local.json',
  'skills',
  'workflows',
].map((name) => join('.claude', name));

const foldersLeft = [join('.claude', '.cc-writes'), '.claude'];

/** In the git folder of a workspace; none of them means anything while it is empty. */
const gitFilesLeft = ['config.worktree', join('objects', 'info', 'alternates')];
const gitFoldersLeft = [
  join('info', '.claude-sandbox-noreplace'),
  join('objects', 'info', '.claude-sandbox-noreplace'),
  join('objects', 'info', 'commit-graphs', '.claude-sandbox-noreplace'),
  join('objects', 'info', 'commit-graphs'),
  'glab-cli',
  'remotes',
  'worktrees',
];

const readOnly = 0o444;

/** Removes what the sandbox of Claude Code's commands left in a folder, and nothing that anybody else could have put there. */
export async function removeStubs(folder: string): Promise<void> {
  for (const path of [...settings, ...ownSettings].map((name) => join(folder, name))) {
    const status = await lstat(path).catch(() => undefined); // Nearly always it is not there.
    if (status?.isFile() && status.size === 0 && (status.mode & 0o777) === readOnly) await gone(unlink(path));
  }
  // Only ever an empty one can be removed.
  for (const name of foldersLeft) await gone(rmdir(join(folder, name)));
  await removeGitStubs(join(folder, '.git'));
}

async function removeGitStubs(git: string): Promise<void> {
  const status = await lstat(git).catch(() => undefined); // Most workspaces are no repositories.
  if (!status?.isDirectory()) return;
  for (const path of gitFilesLeft.map((name) => join(git, name))) {
    const left = await lstat(path).catch(() => undefined);
    if (left?.isFile() && left.size === 0) await gone(unlink(path));
  }
  for (const name of gitFoldersLeft) await gone(rmdir(join(git, name)));
}

/** Whatever stands in the way, it is no more than an empty file too many. */
async function gone(removal: Promise<void>): Promise<void> {
  await removal.catch(() => undefined);
}
