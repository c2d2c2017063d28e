import { createReadStream, createWriteStream } from 'node:fs';
import { link, rm, stat } from 'node:fs/promises';
import { type Pruned, SpiralError } from '../spiral.ts';
import type { Store } from '../store/store.ts';
import type { StateRoot } from './state-root.ts';

const dayMs = 86_400_000;
const megabyte = 1024 * 1024;

/** What keeps an installation from growing without end, and from being lost. */
export type Upkeep = {
  prune(store: Store): Promise<Pruned>;
  backup(store: Store, path: string): Promise<{ readonly bytes: number }>;
  restore(store: Store, path: string): Promise<void>;
};

type Setting = {
  readonly days: number;
  readonly megabytes: number;
  readonly now: () => number;
  /** Deletes files of the state root that no kept task needs; gives back how many bytes that freed. */
  readonly pruneFiles: (wanted: {
    readonly olderThan: Date;
    readonly store: Store;
    readonly maxBytes: number;
  }) => Promise<number>;
};

/** Deletes what the state root keeps of tasks that are gone. */
export function filePruner({ path, machine }: StateRoot, searchPath: string | undefined): Setting['pruneFiles'] {
  return async ({ olderThan, store, maxBytes }) => {
    const { pruneFiles } = await import('../workspace/retention/prune-files.ts');
    const [unfinished, unmerged, folders] = await Promise.all([
      store.tasks.unfinished(machine),
      store.tasks.worktrees(),
      store.tasks.workspacesBelow(path),
    ]);
    const kept = [...unfinished, ...unmerged.filter((task) => task.machine === machine)];
    const { bytesFreed } = await pruneFiles(path, {
      olderThan,
      keepTasks: kept.map(({ id }) => id),
      keepFolders: folders,
      keepWorkspaces: kept.map(({ workspace }) => workspace),
      keepSessions: kept.map(({ sessionId }) => sessionId),
      maxBytes,
      ...(searchPath === undefined ? {} : { searchPath }),
    });
    return bytesFreed;
  };
}

export function openUpkeep({ days, megabytes, now, pruneFiles }: Setting): Upkeep {
  return {
    async prune(store) {
      const olderThan = new Date(now() - days * dayMs);
      const tasks = await store.upkeep.prune({ olderThan });
      const freed = await pruneFiles({ olderThan, store, maxBytes: megabytes * megabyte });
      return { tasks: tasks.length, megabytes: Math.round(freed / megabyte) };
    },

    async backup(store, path) {
      const draft = `${path}.part`;
      try {
        await store.upkeep.backup(createWriteStream(draft, { flags: 'wx', mode: 0o600 }));
        // Never over anything: a link to a name that is taken is refused.
        await link(draft, path);
        return { bytes: (await stat(path)).size };
      } catch (error) {
        throw fileProblem(error, path) ?? error;
      } finally {
        await rm(draft, { force: true });
      }
    },

    async restore(store, path) {
      try {
        await store.upkeep.restore(createReadStream(path));
      } catch (error) {
        throw fileProblem(error, path) ?? error;
      }
    },
  };
}

function fileProblem(error: unknown, path: string): SpiralError | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  switch (code) {
    case 'ENOENT':
      return new SpiralError('usage', `There is no ${path}.`, 'Name a file in a folder that exists.', { cause: error });
    case 'EEXIST':
      return new SpiralError(
        'usage',
        `${path} or ${path}.part is there already.`,
        'Name a file that does not exist yet.',
        {
          cause: error,
        },
      );
    case 'EACCES':
    case 'EISDIR':
    case 'EROFS':
      return new SpiralError('usage', `${path} cannot be used as a file.`, 'Name another one.', { cause: error });
    case 'ENOSPC':
      return new SpiralError('unavailable', `The disk of ${path} is full.`, 'Make room, or name another place.', {
        cause: error,
      });
    default:
      return undefined;
  }
}
