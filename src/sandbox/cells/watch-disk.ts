import { lstatSync, readdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

/** Where a call writes, and how much that may be. */
export type CellDisk = {
  /** A folder of the machine; undefined for one in the memory of the cell. */
  readonly folder: string | undefined;
  /** Where the cell shows it. */
  readonly inside: string;
  readonly bytes: number;
};

const pollMs = 100;
/** Empty files cost memory of the kernel, or entries of a file system. */
const mostEntries = 20_000;

/**
 * Looks at what a call has written again and again, until it is told to end.
 *
 * @param leader a process of the cell, once there is one
 * @param exceeded is called once
 */
export function watchDisk(disk: CellDisk, leader: () => number | undefined, exceeded: () => void): { end(): void } {
  const timer = setInterval(() => {
    const used = disk.folder === undefined ? usedInMemory(leader(), disk.inside) : usedOnDisk(disk.folder);
    if (used.bytes <= disk.bytes && used.entries <= mostEntries) return;
    clearInterval(timer);
    exceeded();
  }, pollMs);
  return { end: () => clearInterval(timer) };
}

const blockBytes = 512;

type Used = { readonly bytes: number; readonly entries: number };

/** A folder in memory has a size of its own, but no limit of files. */
function usedInMemory(leader: number | undefined, inside: string): Used {
  if (leader === undefined) return { bytes: 0, entries: 0 };
  try {
    const { files, ffree } = statfsSync(`/proc/${leader}/root${inside}`);
    return { bytes: 0, entries: files - ffree };
  } catch {
    return { bytes: 0, entries: 0 }; // It has ended.
  }
}

/** What cannot be looked at counts as too much: a tool could hide there what it writes. */
function usedOnDisk(folder: string): Used {
  let bytes = 0;
  let entries = 0;
  const folders = [folder];
  try {
    for (let place = folders.pop(); place !== undefined; place = folders.pop()) {
      for (const name of namesIn(place)) {
        entries += 1;
        // Enough to know; looking at a million of them would keep us from everything else.
        if (entries > mostEntries) return { bytes, entries };
        const found = lstatSync(join(place, name), { throwIfNoEntry: false });
        bytes += (found?.blocks ?? 0) * blockBytes;
        if (found?.isDirectory()) folders.push(join(place, name));
      }
    }
  } catch {
    return { bytes, entries: Number.POSITIVE_INFINITY }; // Closed to us, or too deep for a path.
  }
  return { bytes, entries };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []; // Deleted meanwhile.
    throw error;
  }
}
