import { relative } from 'node:path';
import type { FileChange } from '../../../domain/file-change.ts';
import { filesOf } from '../../files/walk.ts';

/**
 * Whether a file, by its absolute path, may have been made or changed by the task. What was there before and is the same is
 * the person's own, and is believed; what nobody keeps track of, for example because `.gitignore` leaves it out, is not.
 */
export type Touched = (path: string) => Promise<boolean>;

/** @param workspace absolute, without symlinks */
export function touchedBy(workspace: string, changed: readonly FileChange[] | 'everything'): Touched {
  if (changed === 'everything') return async () => true;
  const paths = new Set(changed.map(({ path }) => path));
  let tracked: Promise<ReadonlySet<string>> | undefined;
  return async (path) => {
    const name = relative(workspace, path);
    if (paths.has(name)) return true;
    tracked ??= trackedIn(workspace);
    return !(await tracked).has(name);
  };
}

async function trackedIn(workspace: string): Promise<ReadonlySet<string>> {
  try {
    return new Set(await filesOf(workspace));
  } catch {
    return new Set(); // Too many to keep track of: then nothing is known to be the person's own.
  }
}
