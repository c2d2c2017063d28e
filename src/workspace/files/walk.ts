import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { WorkspaceError } from '../workspace.ts';
import { beginningOf } from './bounded-text.ts';
import { isTestFile, isTestFolder } from './test-files.ts';

/** Never part of anybody's work: version control's own files, and what package managers put there. */
const neverEntered = new Set(['.hg', '.svn', 'node_modules', '.venv', 'venv', '__pycache__', '.pytest_cache']);

const largestIgnoreFile = 1024 * 1024;

type Rules = { readonly base: string; readonly rules: Ignore };

/**
 * Every file of a workspace, symlinks as themselves and never followed, relative to it with `/` between the parts. What
 * the workspace's `.gitignore` files leave out is left out, but test files never are: leaving them out would hide what was
 * done to them. Sockets, devices and pipes are left out, and so are names that are no UTF-8. Throws `WorkspaceError`.
 */
export async function filesOf(workspace: string, limit = 200_000): Promise<string[]> {
  const found: string[] = [];
  await walk(workspace, '', [], found, limit);
  return found.sort();
}

async function walk(root: string, folder: string, outer: readonly Rules[], found: string[], limit: number) {
  const entries = await entriesOf(root, folder);
  const hasRules = entries.some((entry) => entry.name === '.gitignore' && entry.isFile());
  const rules = hasRules ? [...outer, await rulesOf(root, folder)] : outer;
  for (const entry of entries) {
    if (belongsToGit(entry)) continue;
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (neverEntered.has(entry.name)) continue;
      if (isIgnored(`${path}/`, rules) && !isTestFolder(path)) continue;
      await walk(root, path, rules, found, limit);
    } else if (entry.isFile() || entry.isSymbolicLink()) {
      if (isIgnored(path, rules) && !isTestFile(path)) continue;
      if (found.length >= limit) throw tooMany(limit);
      found.push(path);
    }
  }
}

async function entriesOf(root: string, folder: string): Promise<Dirent[]> {
  const path = join(root, folder);
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter(({ name }) => !name.includes('\uFFFD'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    // It vanished, or became a file, since the folder around it was read.
    if (folder !== '' && (code === 'ENOENT' || code === 'ENOTDIR')) return [];
    if (code === 'ENOENT')
      throw new WorkspaceError(`the workspace ${path} is gone`, 'Make it again.', { cause: error });
    throw new WorkspaceError(
      `the folder ${path} cannot be read (${String(code)})`,
      'Make it readable, or name it in .gitignore.',
      { cause: error },
    );
  }
}

/** A repository's own files (`.git` is a file in a submodule or worktree), and the one link that git refuses to remember. */
function belongsToGit(entry: Dirent): boolean {
  const name = entry.name.toLowerCase();
  return name === '.git' || (name === '.gitmodules' && entry.isSymbolicLink());
}

function tooMany(limit: number): WorkspaceError {
  return new WorkspaceError(
    `the workspace holds more than ${limit} files that its .gitignore does not leave out`,
    'Work in a smaller folder, or name what is generated in .gitignore.',
  );
}

async function rulesOf(root: string, folder: string): Promise<Rules> {
  // One that vanished or cannot be read leaves nothing out.
  const text = (await beginningOf(join(root, folder, '.gitignore'), largestIgnoreFile)) ?? '';
  const rules = ignore({ ignorecase: false, allowRelativePaths: true }).add(text);
  return { base: folder === '' ? '' : `${folder}/`, rules };
}

/** As git does it: the rules of the innermost folder that says anything decide. */
function isIgnored(path: string, rules: readonly Rules[]): boolean {
  for (const { base, rules: own } of rules.toReversed()) {
    const { ignored, unignored } = own.test(path.slice(base.length));
    if (ignored || unignored) return ignored;
  }
  return false;
}
