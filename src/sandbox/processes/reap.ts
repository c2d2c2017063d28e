import { rmSync } from 'node:fs';
import { identityOf, isAlive, processNamespace } from './identity.ts';
import { type FoundRunFile, type ProcessTree, readRunFiles } from './run-file.ts';
import { signalTree } from './tree.ts';

/** A process tree that a killed Spiral left behind, and that was ended now. */
export type Reaped = { readonly purpose: string; readonly processes: number };

const settlePollMs = 10;
const settleLimitMs = 2000;

/**
 * Ends what processes of this state root left behind when they were killed; it is gone on return. Trees of a process that
 * still runs are left alone, and so are those of another process namespace, which cannot be looked at from here.
 *
 * @param home the state root, absolute
 */
export function reapLeftovers(home: string): Reaped[] {
  const reaped: Reaped[] = [];
  for (const found of readRunFiles(home)) {
    if (mayHaveAnOwner(found)) continue;
    let allGone = true;
    for (const tree of found.record?.trees ?? []) {
      const { processes, gone } = killUntilGone(tree);
      if (processes > 0) reaped.push({ purpose: tree.purpose, processes });
      allGone &&= gone;
    }
    if (allGone) removeFiles(found.path);
  }
  return reaped;
}

function mayHaveAnOwner({ pid, record }: FoundRunFile): boolean {
  if (record) return record.namespace !== processNamespace() || isAlive(record);
  // Not understood: of another version of Spiral perhaps, which still runs.
  return identityOf(pid) !== undefined;
}

/** Waits on the spot: whoever asks goes on as if nothing of the tree were left. */
function killUntilGone(tree: ProcessTree): { readonly processes: number; readonly gone: boolean } {
  const deadline = performance.now() + settleLimitMs;
  const processes = signalTree(tree, 'SIGKILL');
  let left = processes;
  while (left > 0 && performance.now() < deadline) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, settlePollMs);
    left = signalTree(tree, 'SIGKILL');
  }
  return { processes, gone: left === 0 };
}

function removeFiles(path: string): void {
  try {
    rmSync(path, { force: true });
    rmSync(`${path}.draft`, { force: true });
  } catch {
    // Not ours to delete, or no file: it names nothing that lives, and does no harm where it is.
  }
}
