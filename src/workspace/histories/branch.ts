import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { beginningOf } from '../files/bounded-text.ts';
import { requireFolder, statusOf, untrusted } from './plain-files.ts';

/** The branch that is checked out, and its newest commit; no commit yet: undefined. */
export type Branch = { readonly reference: string; readonly tip: string | undefined };

const largestReference = 4096;
const largestPackedReferences = 16 * 1024 * 1024;

const objectName = /^[0-9a-f]{40}$/;
/** What git lets be a name, and less: no part begins with a dot, so that none leads out. */
const branchReference = /^ref: (refs\/heads(?:\/[^\0-\x20\x7f~^:?*[\\/.][^\0-\x20\x7f~^:?*[\\/]*)+)$/;

/** Reads the branch from the files of a repository. Throws `WorkspaceError`: they are not as git makes them. */
export async function branchOf(gitFolder: string): Promise<Branch> {
  const head = (await beginningOf(join(gitFolder, 'HEAD'), largestReference))?.trimEnd();
  if (head !== undefined && objectName.test(head)) throw untrusted(gitFolder, 'has no branch checked out');
  const reference = branchReference.exec(head ?? '')?.[1];
  if (reference === undefined || /\.\.|@\{|\.lock(\/|$)|\.(\/|$)/.test(reference))
    throw untrusted(join(gitFolder, 'HEAD'), 'names no branch');
  return { reference, tip: await tipOf(gitFolder, reference) };
}

/** Moves a branch on, unless somebody else moved it since it was read. */
export async function moveBranch(gitFolder: string, { reference, tip }: Branch, commit: string): Promise<void> {
  const way = dirname(reference).split('/');
  const folder = await requireFolder(gitFolder, way);
  const path = join(folder, basename(reference));
  if ((await statusOf(path))?.isDirectory()) throw untrusted(path, 'is a folder');
  // Left behind by a kill: nobody else works here as long as a task does.
  await rm(`${path}.lock`, { force: true });
  const lock = await open(`${path}.lock`, 'wx', 0o644);
  try {
    if ((await tipOf(gitFolder, reference)) !== tip) throw untrusted(reference, 'was moved by somebody else meanwhile');
    await lock.writeFile(`${commit}\n`);
    await lock.sync();
    await rename(`${path}.lock`, path);
  } finally {
    await lock.close();
    await rm(`${path}.lock`, { force: true });
  }
}

/** As git finds it: in a file of its own, or in the file of all. */
async function tipOf(gitFolder: string, reference: string): Promise<string | undefined> {
  // Every folder on the way: a link would lead to a stranger's file.
  await requireFolder(gitFolder, dirname(reference).split('/'));
  const path = join(gitFolder, reference);
  const status = await statusOf(path);
  if (status && !status.isDirectory()) return requireName(path, await beginningOf(path, largestReference));
  const packed = join(gitFolder, 'packed-refs');
  const packedStatus = await statusOf(packed);
  if (!packedStatus) return undefined;
  const text = await beginningOf(packed, largestPackedReferences);
  if (text === undefined || packedStatus.size > largestPackedReferences) throw untrusted(packed, 'cannot be read');
  const line = text.split('\n').find((line) => line.slice(41) === reference);
  return line === undefined ? undefined : requireName(packed, line.slice(0, 40));
}

function requireName(path: string, text: string | undefined): string {
  const name = text?.trimEnd() ?? '';
  if (!objectName.test(name)) throw untrusted(path, 'names no commit');
  return name;
}
