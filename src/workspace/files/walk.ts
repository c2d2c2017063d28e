import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { WorkspaceError } from '../workspace.ts';
import { isTestFile, isTestFolder } from './test-files.ts';

/** Never part of anybody's work: version control's own files, and what package managers put there. */
const neverEntered = new Set(['.git', '.hg', '.svn', 'node_modules', '.venv', 'venv', '__pycache__', '.pytest_cache']);

const largestIgnoreFile = 1024 * 1024;

type Rules = { readonly base: string; readonly rules: Ignore };

/**
 * Every file of a workspace, symlinks as themselves and never followed, relative to it with `/` between the parts. What
 * the workspace's `.gitignore` files leave out is left out, but test files never are: leaving them out would hide what was
 * done to them. Sockets, devices and pipes are left out. Throws `WorkspaceError`.
 */
export async function filesOf(workspace: string, limit = 200_000): Promise<string[]> {
  const found: string[] = [];
  await walk(workspace, '', [], found, limit);
  return found.sort();
}

async function walk(root: string, folder: string, outer: readonly Rules[], found: string[], limit: number) {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const hasRules = entries.some((entry) => entry.name === '.gitignore' && entry.isFile());
  const rules = hasRules ? [...outer, await rulesOf(root, folder)] : outer;
  for (const entry of entries) {
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

function tooMany(limit: number): WorkspaceError {
  return new WorkspaceError(
    `the workspace holds more than ${limit} files that its .gitignore does not leave out`,
    'Work in a smaller folder, or name what is generated in .gitignore.',
  );
}

async function rulesOf(root: string, folder: string): Promise<Rules> {
  const path = join(root, folder, '.gitignore');
  const { size } = await lstat(path);
  const text = size > largestIgnoreFile ? '' : await readFile(path, 'utf8');
  return { base: folder === '' ? '' : `${folder}/`, rules: ignore().add(text) };
}

/** As git does it: the rules of the innermost folder that says anything decide. */
function isIgnored(path: string, rules: readonly Rules[]): boolean {
  for (const { base, rules: own } of rules.toReversed()) {
    const { ignored, unignored } = own.test(path.slice(base.length));
    if (ignored || unignored) return ignored;
  }
  return false;
}
