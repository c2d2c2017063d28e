import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import ignore, { type Ignore } from 'ignore';
import { WorkspaceError } from '../workspace.ts';
import { beginningOf } from './bounded-text.ts';
import { type BytePath, bytePath, bytesOf, filePath, joined, shown } from './byte-path.ts';
import { isTestFile, isTestFolder } from './test-files.ts';

/** Never part of anybody's work: version control's own files, and what package managers put there. */
export const neverEntered: ReadonlySet<string> = new Set([
  '.hg',
  '.svn',
  'node_modules',
  '.venv',
  'venv',
  '__pycache__',
  '.pytest_cache',
]);

const largestIgnoreFile = 1024 * 1024;

type Rules = { readonly base: string; readonly rules: Ignore };

const fileLimit = 200_000;

/** Every file of a workspace, in the words of a person; see `bytePathsOf`. Throws `WorkspaceError`. */
export async function filesOf(workspace: string, limit = fileLimit): Promise<string[]> {
  return (await bytePathsOf(workspace, limit)).map(shown).sort();
}

/**
 * Every file of a workspace, symlinks as themselves and never followed, relative to it with `/` between the parts. What
 * the workspace's `.gitignore` files leave out is left out, but test files never are: leaving them out would hide what was
 * done to them. Sockets, devices and pipes are left out. Throws `WorkspaceError`.
 */
export async function bytePathsOf(workspace: string, limit = fileLimit): Promise<BytePath[]> {
  const found: BytePath[] = [];
  await walk(bytePath(workspace), bytePath(''), [], found, limit);
  return found.sort();
}

type Entry = { readonly name: BytePath; readonly kind: 'folder' | 'file' | 'link' | 'other' };

async function walk(root: BytePath, folder: BytePath, outer: readonly Rules[], found: BytePath[], limit: number) {
  const entries = await entriesOf(root, folder);
  const hasRules = entries.some(({ name, kind }) => name === '.gitignore' && kind === 'file');
  const rules = hasRules ? [...outer, await rulesOf(root, folder)] : outer;
  for (const entry of entries) {
    if (entry.kind === 'other' || belongsToGit(entry)) continue;
    const path = joined(folder, entry.name);
    const text = shown(path);
    if (entry.kind === 'folder') {
      if (neverEntered.has(entry.name)) continue;
      if (isIgnored(`${text}/`, rules) && !isTestFolder(text)) continue;
      await walk(root, path, rules, found, limit);
    } else {
      if (isIgnored(text, rules) && !isTestFile(text)) continue;
      if (found.length >= limit) throw tooMany(limit);
      found.push(path);
    }
  }
}

async function entriesOf(root: BytePath, folder: BytePath): Promise<Entry[]> {
  const path = folder === '' ? root : joined(root, folder);
  try {
    const entries = await readdir(filePath(path), { withFileTypes: true });
    // What stands for bytes that are no UTF-8: then the bytes themselves are needed.
    const isText = entries.every(({ name }) => !name.includes('\uFFFD'));
    return (isText ? entries : await readdir(bytesOf(path), { withFileTypes: true, encoding: 'buffer' })).map(
      (entry) => ({ name: bytePath(entry.name), kind: kindOf(entry) }),
    );
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    // It vanished, or became a file, since the folder around it was read.
    if (folder !== '' && (code === 'ENOENT' || code === 'ENOTDIR')) return [];
    if (code === 'ENOENT')
      throw new WorkspaceError(`the workspace ${shown(path)} is gone`, 'Make it again.', { cause: error });
    throw new WorkspaceError(
      `the folder ${shown(path)} cannot be read (${String(code)})`,
      'Make it readable, or name it in .gitignore.',
      { cause: error },
    );
  }
}

/** A repository's own files (`.git` is a file in a submodule or worktree), and the one link that git refuses to remember. */
function belongsToGit({ name, kind }: Entry): boolean {
  const small = name.toLowerCase();
  return small === '.git' || (small === '.gitmodules' && kind === 'link');
}

function kindOf(entry: Dirent<string | Buffer>): Entry['kind'] {
  if (entry.isDirectory()) return 'folder';
  if (entry.isFile()) return 'file';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

function tooMany(limit: number): WorkspaceError {
  return new WorkspaceError(
    `the workspace holds more than ${limit} files that its .gitignore does not leave out`,
    'Work in a smaller folder, or name what is generated in .gitignore.',
  );
}

async function rulesOf(root: BytePath, folder: BytePath): Promise<Rules> {
  const file = joined(folder === '' ? root : joined(root, folder), bytePath('.gitignore'));
  // One that vanished or cannot be read leaves nothing out.
  const text = (await beginningOf(filePath(file), largestIgnoreFile)) ?? '';
  const rules = ignore({ ignorecase: false, allowRelativePaths: true }).add(text);
  return { base: folder === '' ? '' : `${shown(folder)}/`, rules };
}

/** As git does it: the rules of the innermost folder that says anything decide. */
function isIgnored(path: string, rules: readonly Rules[]): boolean {
  for (const { base, rules: own } of rules.toReversed()) {
    const { ignored, unignored } = own.test(path.slice(base.length));
    if (ignored || unignored) return ignored;
  }
  return false;
}
