import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf } from '../processes/identity.ts';

/** A limit of processes that the kernel keeps for a whole tree. */
export type ProcessCount = {
  /** Counts a process from now on, with all that it starts. Throws when that cannot be done. */
  add(pid: number): void;
  /** Called when none of them is left. */
  end(): void;
};

const versionTwo = '/sys/fs/cgroup';
const versionOne = '/sys/fs/cgroup/pids';

/**
 * Lets the kernel count the processes of a tree (a control group). Root needs it, whose processes no other limit counts, and
 * may do it where the machine lets root do so; undefined elsewhere.
 */
export function countProcesses(most: number): ProcessCount | undefined {
  const root = process.geteuid?.() === 0 ? rootOfGroups() : undefined;
  if (root === undefined) return undefined;
  const folder = join(root, `${process.pid}-${randomUUID()}`);
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, 'pids.max'), String(most));
  } catch {
    remove(folder);
    return undefined; // Read-only, as in most containers: the tree is still watched.
  }
  return {
    add: (pid) => writeFileSync(join(folder, 'cgroup.procs'), String(pid)),
    end: () => remove(folder),
  };
}

let known: { readonly root: string | undefined } | undefined;

/** The group that ours are made in; made itself, and freed from those that a killed Spiral left, when it is first needed. */
function rootOfGroups(): string | undefined {
  known ??= { root: makeRoot() };
  return known.root;
}

function makeRoot(): string | undefined {
  try {
    const controllers = join(versionTwo, 'cgroup.controllers');
    const isTwo = existsSync(controllers) && readFileSync(controllers, 'utf8').split(/\s/).includes('pids');
    const root = join(isTwo ? versionTwo : versionOne, 'spiral-cells');
    if (!isTwo && !existsSync(join(versionOne, 'cgroup.procs'))) return undefined;
    mkdirSync(root, { recursive: true });
    if (isTwo) writeFileSync(join(root, 'cgroup.subtree_control'), '+pids');
    for (const name of readdirSync(root)) if (/^\d+-/.test(name) && isLeft(name)) remove(join(root, name));
    return root;
  } catch {
    return undefined; // As above.
  }
}

const isLeft = (name: string) => identityOf(Number.parseInt(name, 10)) === undefined;

function remove(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Not made, or not yet empty: the next start removes it.
  }
}
