import { accessSync, constants, readdirSync, realpathSync, statSync } from 'node:fs';

/** Where a path leads, links followed; undefined when there is nothing, or nothing that we may look at. */
export function realPathOf(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined; // The answer to the question.
  }
}

/** Whether there is something that this process may read. */
export function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false; // The answer to the question.
  }
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The folders directly inside a folder, absolute, without links; none where it cannot be read. */
export function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${folder}/${entry.name}`);
  } catch {
    return []; // Not there, or closed to us and so to whatever we start.
  }
}
