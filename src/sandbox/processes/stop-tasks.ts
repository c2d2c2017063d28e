import type { TaskId } from '../../domain/identifiers.ts';
import { isAlive, processNamespace } from './identity.ts';
import { type ProcessTree, readRunFiles } from './run-file.ts';
import { requestStop } from './stop-requests.ts';
import { after } from './time.ts';
import { signalOwnTree, signalTree } from './tree.ts';

/** What a person's stop did. */
export type Stopped = {
  /** Every task that was asked to stop. */
  readonly tasks: readonly TaskId[];
  /** How many processes were ended. */
  readonly processes: number;
  /** Those that could not be ended, or not be looked at from here. */
  readonly left: number;
};

const settlePollMs = 10;
const settleLimitMs = 5000;

/**
 * Stops tasks without database and queue, from any process: writes down that they have to stop, and then kills whatever runs
 * for them, whoever started it, until nothing is left. A project is stopped with its tasks. `all` also ends what belongs to
 * no task.
 *
 * @param stateRoot absolute
 */
export async function stopTasks(stateRoot: string, which: 'all' | ((taskId: TaskId) => boolean)): Promise<Stopped> {
  const tasks = new Set<TaskId>();
  const most = new Map<string, number>();
  // While its leader lives, a tree is known by its session too; of one that ended long ago only the marker is sure.
  const seenAlive = new Set<string>();
  const deadline = performance.now() + settleLimitMs;
  for (;;) {
    // Read anew each time: what was started just before its task had to stop is written down by now.
    const { trees, driven, elsewhere, projects } = recorded(stateRoot);
    const isWanted = (taskId: TaskId | undefined) => taskId !== undefined && which !== 'all' && which(taskId);
    const matches = (taskId: TaskId | undefined) =>
      which === 'all' || isWanted(taskId) || (taskId !== undefined && isWanted(projects.get(taskId)));
    for (const taskId of [...driven, ...[...trees, ...elsewhere].map(({ taskId }) => taskId)]) {
      if (taskId === undefined || tasks.has(taskId) || !matches(taskId)) continue;
      requestStop(stateRoot, taskId);
      tasks.add(taskId);
    }
    let running = 0;
    for (const tree of trees.filter(({ taskId }) => matches(taskId))) {
      if (isAlive(tree)) seenAlive.add(tree.marker);
      const found = (seenAlive.has(tree.marker) ? signalOwnTree : signalTree)(tree, 'SIGKILL');
      most.set(tree.marker, Math.max(found, most.get(tree.marker) ?? 0));
      running += found;
    }
    if (running === 0 || performance.now() > deadline) {
      const processes = [...most.values()].reduce((sum, found) => sum + found, 0);
      const hidden = elsewhere.filter(({ taskId }) => matches(taskId)).length;
      return { tasks: [...tasks], processes: processes - running, left: running + hidden };
    }
    await after(settlePollMs);
  }
}

/** What every Spiral of this state root wrote down; `elsewhere` are trees of a process namespace that we cannot see. */
function recorded(stateRoot: string) {
  const records = readRunFiles(stateRoot).flatMap(({ record }) => (record ? [record] : []));
  const here = records.filter(({ namespace }) => namespace === processNamespace());
  const trees = (some: typeof records): ProcessTree[] => some.flatMap((record) => record.trees);
  return {
    trees: trees(here),
    elsewhere: trees(records.filter((record) => !here.includes(record))),
    driven: records.flatMap(({ drives }) => drives),
    projects: new Map(records.flatMap(({ projects }) => Object.entries(projects))),
  };
}
