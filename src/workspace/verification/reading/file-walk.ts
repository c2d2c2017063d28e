import type { Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders that hold what was installed or built, never a project's own tests. */
export const passedOver: ReadonlySet<string> = new Set([
  'node_modules',
  '.git',
  'target',
  '.venv',
  'venv',
  '__pycache__',
  'dist',
  'vendor',
]);

export type WalkLimits = { readonly depth: number; readonly entries: number };

const usualLimits: WalkLimits = { depth: 12, entries: 50_000 };

/** Regular files, relative to where the walk began, with `/` between their parts; `gap` says in words what was not looked at. */
export type FoundFiles = { readonly paths: readonly string[]; readonly gap?: string };

/**
 * Lists regular files below a folder, in a fixed order. Links are not followed.
 *
 * @param wanted by the path relative to `root`
 * @param isBoundary whether a folder below `root` belongs to somebody else, by its absolute path and its files
 */
export async function findFiles(
  root: string,
  wanted: (path: string) => boolean,
  isBoundary: (folder: string, files: ReadonlySet<string>) => Promise<boolean>,
  limits: WalkLimits = usualLimits,
): Promise<FoundFiles> {
  const paths: string[] = [];
  const gaps = new Set<string>();
  let left = limits.entries;
  let level = [''];

  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limits.depth) {
      gaps.add(`folders deeper than ${limits.depth} levels were not searched for tests`);
      break;
    }
    const next: string[] = [];
    for (const folder of level) {
      const entries = await entriesOf(join(root, folder), left);
      left -= entries.length;
      const { files, linked } = namesIn(entries);
      if (folder !== '' && (await isBoundary(join(root, folder), new Set([...files, ...linked])))) continue;
      paths.push(...files.map((name) => within(folder, name)).filter(wanted));
      for (const entry of entries) {
        if (entry.isDirectory() && !passedOver.has(entry.name)) next.push(within(folder, entry.name));
      }
      if (left <= 0) break;
    }
    if (left <= 0) {
      gaps.add(`the search for tests stopped after ${limits.entries} files and folders`);
      break;
    }
    level = next;
  }
  return gaps.size === 0 ? { paths } : { paths, gap: [...gaps].join('; ') };
}

export type FolderListing = { readonly files: ReadonlySet<string>; readonly folders: readonly string[] };

/** What lies directly in a folder: files, links among them, and folders that are not passed over. */
export async function listFolder(folder: string): Promise<FolderListing> {
  const entries = await entriesOf(folder, usualLimits.entries);
  const { files, linked } = namesIn(entries);
  const folders = entries
    .filter((entry) => entry.isDirectory() && !passedOver.has(entry.name))
    .map((entry) => entry.name);
  return { files: new Set([...files, ...linked]), folders };
}

function namesIn(entries: readonly Dirent[]): { readonly files: string[]; readonly linked: string[] } {
  return {
    files: entries.filter((entry) => entry.isFile()).map((entry) => entry.name),
    linked: entries.filter((entry) => entry.isSymbolicLink()).map((entry) => entry.name),
  };
}

async function entriesOf(folder: string, limit: number): Promise<Dirent[]> {
  const entries: Dirent[] = [];
  try {
    for await (const entry of await opendir(folder)) {
      entries.push(entry);
      if (entries.length >= limit) break;
    }
  } catch {
    return []; // What we may not read, the tests that we start may not read either.
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function within(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
