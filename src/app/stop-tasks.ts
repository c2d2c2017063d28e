import type { TaskId } from '../domain/identifiers.ts';
import { stopTasks } from '../sandbox/processes/stop-tasks.ts';
import { type Spiral, SpiralError, type Stopped } from '../spiral.ts';

/** For a database that does not answer: by then the processes are long ended. */
const tellWithinMs = 10_000;

/**
 * Ends the process trees of one task, or of all, and only then tells the database, which may be away. Throws `SpiralError`
 * when no task begins so, as far as that can be known.
 *
 * @param stateRoot absolute
 * @param open opens the system, to record the end of what was stopped
 */
export async function stopEverywhere(
  stateRoot: string,
  task: string | 'all',
  open: () => Promise<Spiral>,
  report: (problem: string) => void,
): Promise<Stopped> {
  const ended = await stopTasks(stateRoot, task === 'all' ? 'all' : (id) => id.startsWith(task));
  return told(ended, () => record(task, ended.tasks, open), report);
}

/**
 * The same for a system that is open already.
 *
 * @param stateRoot absolute
 */
export async function stopHere(
  stateRoot: string,
  task: TaskId | 'all',
  spiral: Pick<Spiral, 'unfinished' | 'cancel'>,
  report: (problem: string) => void,
): Promise<Stopped> {
  const ended = await stopTasks(stateRoot, task === 'all' ? 'all' : (id) => id === task);
  const cancel = async () => {
    const wanted = task === 'all' ? (await spiral.unfinished()).map(({ id }) => id) : [task];
    const all = [...new Set([...ended.tasks, ...wanted])];
    const isAsked = await Promise.all(all.map((id) => spiral.cancel(id)));
    return all.filter((id, index) => isAsked[index] || ended.tasks.includes(id));
  };
  return told(ended, cancel, report);
}

/** Tells the database as well, if it answers in time. */
async function told(
  ended: Awaited<ReturnType<typeof stopTasks>>,
  tell: () => Promise<TaskId[]>,
  report: (problem: string) => void,
): Promise<Stopped> {
  const recorded = await within(tell(), tellWithinMs).catch((error: unknown) => {
    // Without a task that was found running, a wrong id is the whole story.
    if (error instanceof SpiralError && error.kind === 'usage') throw error;
    report(`Recording the stop failed: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  });
  return {
    tasks: recorded ?? ended.tasks,
    processes: ended.processes,
    left: ended.left,
    recorded: recorded !== undefined,
  };
}

async function record(
  task: string | 'all',
  running: readonly TaskId[],
  open: () => Promise<Spiral>,
): Promise<TaskId[]> {
  const spiral = await open();
  try {
    const found = task === 'all' ? await spiral.unfinished() : await spiral.findTasks(task);
    if (found.length === 0 && running.length === 0 && task !== 'all') {
      throw new SpiralError('usage', `There is no task ${task}.`, 'See them all: spiral tasks');
    }
    const wanted = found.filter(({ state }) => state.kind !== 'finished').map(({ id }) => id);
    const all = [...new Set([...running, ...wanted])];
    await Promise.all(all.map((id) => spiral.cancel(id)));
    return all;
  } finally {
    await spiral.close();
  }
}

function within<Value>(work: Promise<Value>, milliseconds: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds / 1000} s`)), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
