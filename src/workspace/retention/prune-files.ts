import { join } from 'node:path';
import { pruneShadows } from '../shadow-git/prune-shadows.ts';
import { type Leftover, leftoversIn, type Needed } from './leftovers.ts';
import { type Measure, measure } from './measure.ts';

export type Retention = Needed & {
  /** What last changed before goes. */
  readonly olderThan: Date;
  /** Of all that may go, the oldest goes until no more than this is left. */
  readonly maxBytes: number;
  /** Where git is found; without it the room that old states take inside a repository that stays is not given free. */
  readonly searchPath?: string;
  /** Only tells what would go, without the room inside repositories that stay. */
  readonly dryRun?: boolean;
};

type Measured = Leftover & Measure;

/**
 * Deletes what the state root keeps of workspaces, worktrees, private homes and sessions that nobody needs any more. Never
 * follows a link, and deletes nothing outside the state root: a branch in a repository of the user's stays.
 */
export async function pruneFiles(
  stateRoot: string,
  retention: Retention,
): Promise<{ readonly bytesFreed: number; readonly bytesKept: number }> {
  const { olderThan, maxBytes, searchPath, dryRun = false } = retention;
  const all = await measured(stateRoot, retention);
  const before = total(all);
  const old = all.filter(({ isNeeded, newest }) => !isNeeded && newest < olderThan);
  if (!dryRun) for (const leftover of old) await leftover.remove();
  let left = all.filter((leftover) => !old.includes(leftover));
  if (searchPath !== undefined && !dryRun) {
    // After the old ones are gone: it makes the repositories that it tidies look young.
    await pruneShadows({ root: join(stateRoot, 'shadow'), searchPath }, { olderThan, keep: retention.keepTasks });
    left = await measured(stateRoot, retention);
  }
  let kept = total(left);
  for (const leftover of left.toSorted((a, b) => Number(a.newest) - Number(b.newest))) {
    if (leftover.isNeeded || kept <= maxBytes) continue;
    if (!dryRun) await leftover.remove();
    kept -= leftover.bytes;
  }
  return { bytesFreed: Math.max(0, before - kept), bytesKept: kept };
}

async function measured(stateRoot: string, needed: Needed): Promise<Measured[]> {
  const leftovers = await leftoversIn(stateRoot, needed);
  const found: Measured[] = [];
  for (const leftover of leftovers) {
    const parts: Measure[] = [];
    for (const path of leftover.paths) parts.push(await measure(path));
    const newest = new Date(Math.max(...parts.map((part) => Number(part.newest))));
    found.push({ ...leftover, bytes: total(parts), newest });
  }
  return found;
}

function total(parts: readonly Measure[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}
