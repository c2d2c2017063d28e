import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ToolFiles } from '../../domain/tool.ts';
import { digestOf } from '../../domain/tool-digest.ts';

export type Folder =
  | { readonly kind: 'missing' }
  /** Exactly the files that were adopted, and nothing beside them. */
  | { readonly kind: 'whole' }
  /** Anything else; `inode` tells it from another one that comes to its place. */
  | { readonly kind: 'edited'; readonly inode: string };

/** More than a tool has: nobody reads on, since only somebody else can have put it there. */
const mostEntries = 20_000;
const mostBytes = 64 * 1024 * 1024;

/** What reading comes to when something was locked, replaced or taken away by somebody. */
const changedMeanwhile = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'ENXIO', 'EACCES', 'EPERM', 'ENAMETOOLONG']);

/** How a folder stands to the digest of what was adopted. Follows no link, and never opens what is no plain file. */
export async function inspectFolder(folder: string, digest: string): Promise<Folder> {
  const inode = await inodeOf(folder);
  if (inode === undefined) return { kind: 'missing' };
  try {
    const files = await readFolder(folder);
    return files && digestOf(files) === digest ? { kind: 'whole' } : { kind: 'edited', inode };
  } catch (error) {
    if (!changedMeanwhile.has(codeOf(error))) throw error;
    return (await inodeOf(folder)) === undefined ? { kind: 'missing' } : { kind: 'edited', inode };
  }
}

/** Undefined when nothing is there; otherwise what tells it from everything else that is on this machine. */
export async function inodeOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await lstat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The files of a folder; undefined when there is something else in it, a folder without files included. */
async function readFolder(root: string): Promise<ToolFiles | undefined> {
  const files = new Map<string, Uint8Array>();
  const left = { entries: mostEntries, bytes: mostBytes };
  const isPlain = (await lstat(root)).isDirectory() && (await readInto(files, root, '', left));
  return isPlain ? files : undefined;
}

async function readInto(
  files: Map<string, Uint8Array>,
  root: string,
  below: string,
  left: { entries: number; bytes: number },
): Promise<boolean> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  left.entries -= entries.length;
  if (entries.length === 0 || left.entries < 0) return false;
  for (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!(await readInto(files, root, path, left))) return false;
      continue;
    }
    const content = entry.isFile() ? await readPlainFile(join(root, path), left.bytes) : undefined;
    if (!content) return false;
    left.bytes -= content.length;
    files.set(path, content);
  }
  return true;
}

async function readPlainFile(path: string, mostOfIt: number): Promise<Uint8Array | undefined> {
  // Something else may have come to its place since it was listed.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    return found.isFile() && found.size <= mostOfIt ? await file.readFile() : undefined;
  } finally {
    await file.close();
  }
}

export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
