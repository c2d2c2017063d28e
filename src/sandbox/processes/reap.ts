import { rmSync } from 'node:fs';
import { isAlive, processNamespace } from './identity.ts';
import { readRunFiles } from './run-file.ts';
import { signalTree } from './tree.ts';

/** A process tree that a killed Spiral left behind, and that was ended now. */
export type Reaped = { readonly purpose: string; readonly processes: number };

/**
 * Ends what processes of this state root left behind when they were killed. Trees of a process that still runs are left
 * alone, and so are those of another process namespace, which cannot be looked at from here.
 *
 * @param home the state root, absolute
 */
export function reapLeftovers(home: string): Reaped[] {
  const reaped: Reaped[] = [];
  for (const { path, record } of readRunFiles(home)) {
    if (record && (record.namespace !== processNamespace() || isAlive(record))) continue;
    for (const tree of record?.trees ?? []) {
      const processes = signalTree(tree, tree.marker, 'SIGKILL');
      if (processes > 0) reaped.push({ purpose: tree.purpose, processes });
    }
    rmSync(path, { force: true });
  }
  return reaped;
}
