import { constants } from 'node:fs';
import { access, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { WorkspaceProblem } from '../workspace.ts';

const elsewhere = 'name a folder of its own with --workspace DIR';

/** The folders that must never become a workspace, nor lie inside one. */
export type Reserved = { readonly userHome: string; readonly stateRoot: string };

/**
 * Checks a folder that an agent is to work in and makes it when it does not exist. The checks are made on the path after
 * symlinks, so that a link does not lead around them.
 */
export async function openFolder(
  path: string,
  { userHome, stateRoot }: Reserved,
): Promise<{ readonly path: string } | WorkspaceProblem> {
  if (path.trim() === '') return { problem: 'the workspace has no name', cure: elsewhere };
  const wanted = resolve(path);
  const reserved = { userHome: await realPathOf(userHome), stateRoot: await realPathOf(stateRoot) };
  const before = refusal(await realPathOf(wanted), reserved);
  if (before) return before;
  try {
    await makeFolder(wanted);
    const real = await realpath(wanted);
    const after = refusal(real, reserved);
    if (after) return after;
    if (!(await stat(real)).isDirectory()) return { problem: `${real} is a file`, cure: elsewhere };
    await access(real, constants.R_OK | constants.W_OK | constants.X_OK);
    return { path: real };
  } catch (error) {
    return { problem: explained(wanted, error), cure: elsewhere };
  }
}

/** The path after symlinks, of which the last parts need not exist yet. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : resolve(await realPathOf(parent), relative(parent, path));
  }
}

/**
 * As `mkdir -p`, also when others make the same folders at the same moment. Node's own recursive one never ends where a file
 * system refuses new folders with ENOENT, as /proc does.
 */
async function makeFolder(path: string): Promise<void> {
  if (await exists(path)) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent);
  try {
    await mkdir(path);
  } catch (error) {
    // Another was faster, or the name is taken: what it is is looked at afterwards.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function refusal(path: string, { userHome, stateRoot }: Reserved): WorkspaceProblem | undefined {
  if (dirname(path) === path) return { problem: `${path} is the root of the file system`, cure: elsewhere };
  if (path === userHome) return { problem: `${path} is your home folder`, cure: elsewhere };
  if (contains(path, userHome)) return { problem: `${path} holds your home folder`, cure: elsewhere };
  if (contains(stateRoot, path)) return { problem: `${path} belongs to Spiral's own state`, cure: elsewhere };
  if (contains(path, stateRoot)) return { problem: `${path} holds Spiral's own state (${stateRoot})`, cure: elsewhere };
  return undefined;
}

function contains(outer: string, inner: string): boolean {
  const way = relative(outer, inner);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function explained(path: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return `${path} is a file, or lies below one`;
    case 'EACCES':
    case 'EPERM':
      return `${path} cannot be written to`;
    case 'ENOENT':
      return `${path} cannot be made`;
    case 'EROFS':
      return `${path} lies on a read-only file system`;
    case 'ENOSPC':
      return `the disk of ${path} is full`;
    case 'ENAMETOOLONG':
      return 'the name of the workspace is too long';
    case 'ELOOP':
      return `${path} is a link that leads to itself`;
    default:
      return `${path} cannot be used: ${error instanceof Error ? error.message : String(error)}`;
  }
}
