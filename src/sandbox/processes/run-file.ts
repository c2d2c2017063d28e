import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { TaskId } from '../../domain/identifiers.ts';
import { identityOf, processNamespace } from './identity.ts';

const taskIdSchema = z.string().transform((value) => value as TaskId);
const identitySchema = z.object({ pid: z.number().int().positive(), startedAt: z.string() });

const treeSchema = identitySchema.extend({
  /** Stands in the environment of every process of the tree, also of those that left its process group. */
  marker: z.string(),
  purpose: z.string(),
  taskId: taskIdSchema.optional(),
});

const runFileSchema = identitySchema.extend({
  namespace: z.string(),
  trees: z.array(treeSchema),
  /** The tasks that the process drives, whether or not one of their programs runs now. */
  drives: z.array(taskIdSchema).default([]),
  /** The project of each of them that belongs to one: whoever stops the project stops it. */
  projects: z.record(z.string(), taskIdSchema).default({}),
});

export type ProcessTree = z.infer<typeof treeSchema>;
export type RunRecord = z.infer<typeof runFileSchema>;

/** The list of process trees that this process owns, kept on disk so that a later one, or another one, can end them. */
export type RunFile = {
  add(tree: ProcessTree): void;
  remove(marker: string): void;
  trees(): readonly ProcessTree[];
  /** Names a task that this process drives from now on. */
  drive(taskId: TaskId, project?: TaskId): void;
  release(taskId: TaskId): void;
  /** Deletes the file; for a process that leaves normally. */
  close(): void;
};

/**
 * Opens `<home>/run/<pid>.json`. It is written when the first tree or task is added.
 *
 * @param home the state root, absolute
 */
export function openRunFile(home: string): RunFile {
  const folder = join(home, 'run');
  const path = join(folder, `${process.pid}.json`);
  const draft = `${path}.draft`;
  const trees = new Map<string, ProcessTree>();
  const driven = new Map<TaskId, TaskId | undefined>();
  const self = identityOf(process.pid) ?? { pid: process.pid, startedAt: 'unknown' };

  const save = () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const record: RunRecord = {
      ...self,
      namespace: processNamespace(),
      trees: [...trees.values()],
      drives: [...driven.keys()],
      projects: Object.fromEntries([...driven].flatMap(([id, project]) => (project ? [[id, project]] : []))),
    };
    writeFileSync(draft, JSON.stringify(record), { mode: 0o600 });
    renameSync(draft, path);
  };
  const saveIfPossible = () => {
    try {
      save();
    } catch {
      // A full disk, or a state root that is gone: an entry too many does no harm, its processes are found dead.
    }
  };

  return {
    add(tree) {
      trees.set(tree.marker, tree);
      save();
    },
    remove(marker) {
      if (trees.delete(marker)) saveIfPossible();
    },
    trees: () => [...trees.values()],
    drive(taskId, project) {
      driven.set(taskId, project);
      save();
    },
    release(taskId) {
      if (driven.delete(taskId)) saveIfPossible();
    },
    close() {
      try {
        rmSync(path, { force: true });
        rmSync(draft, { force: true });
      } catch {
        // As above: the next start finds that its processes are dead, and deletes it.
      }
    },
  };
}

export type FoundRunFile = {
  readonly path: string;
  /** The process that its name tells of. */
  readonly pid: number;
  /** Missing when the file cannot be read or understood. */
  readonly record?: RunRecord;
};

/** Every run file of this state root. */
export function readRunFiles(home: string): FoundRunFile[] {
  const folder = join(home, 'run');
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return []; // No folder yet: nothing ever ran here.
  }
  return names
    .filter((name) => /^\d+\.json$/.test(name))
    .map((name) => {
      const path = join(folder, name);
      const record = parse(path);
      return { path, pid: Number.parseInt(name, 10), ...(record ? { record } : {}) };
    });
}

function parse(path: string): RunRecord | undefined {
  try {
    return runFileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined; // Cut off by a full disk, or deleted a moment ago by its owner.
  }
}
