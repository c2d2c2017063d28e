import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';
import type { TaskId } from '../../domain/identifiers.ts';
import type { Resources } from '../confinement/resources.ts';
import { type ExceededLimit, type TreeWatch, watchTree } from '../confinement/watch-tree.ts';
import { type ContainedProcess, StoppedByPerson, type StopRequests } from '../sandbox.ts';
import { identityOf } from './identity.ts';
import type { RunFile } from './run-file.ts';
import { after, within } from './time.ts';
import {
  markerVariable,
  processesOfOwnTree,
  signalBelowLeader,
  signalGroup,
  signalOwnTree,
  type Tree,
} from './tree.ts';

const settlePollMs = 20;
const settleLimitMs = 3000;

/** A program with everything around it that keeps it, ready to be started. */
export type TreeProgram = {
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment, but for the marker of the tree. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly purpose: string;
  readonly taskId?: TaskId | undefined;
  /** Whether it is bubblewrap, with which a process namespace ends. */
  readonly ownsNamespace: boolean;
  /** What the program finds in the pipes from descriptor 3 on. */
  readonly inputs?: readonly (string | Buffer)[];
  /** Called with its first process before that can read its inputs. */
  readonly begun?: ((pid: number) => void) | undefined;
  /** Limits of the tree as a whole, which are watched. */
  readonly resources?: Resources | undefined;
};

/** A tree whose memory is known where it has limits. */
export type WatchedProcess = ContainedProcess & { readonly memory?: Pick<TreeWatch, 'look' | 'peakBytes'> };

/** Starts a tree and writes it down. Throws `StoppedByPerson` for a task that a person has stopped. */
export function startTree(
  runFile: RunFile,
  stops: Pick<StopRequests, 'isRequested'> | undefined,
  program: TreeProgram,
): WatchedProcess {
  const { purpose, taskId, inputs = [] } = program;
  const refuseStopped = () => {
    if (taskId !== undefined && stops?.isRequested(taskId)) throw new StoppedByPerson(taskId);
  };
  refuseStopped();
  const marker = randomUUID();
  const child = spawn(program.command, program.args, {
    cwd: program.cwd,
    env: { ...program.env, [markerVariable]: marker },
    stdio: ['pipe', 'pipe', 'pipe', ...inputs.map(() => 'pipe' as const)],
    // A session of its own: Ctrl-C in the terminal reaches us alone, and we end the tree in order.
    detached: true,
  });
  // A listener from the first moment on: `error` may come before whoever asked has had the time to listen.
  child.on('error', () => undefined);
  const { pid } = child;
  if (pid === undefined) return { child, exceeded: () => undefined, end: async () => undefined };

  // One that is dead already may have left others behind, which its marker finds.
  const tree: Tree = { pid, startedAt: identityOf(pid)?.startedAt ?? 'ended', marker };
  try {
    runFile.add({ ...tree, purpose, ...(taskId === undefined ? {} : { taskId }) });
    program.begun?.(pid);
    // Once more: whoever stopped the task in the meantime may have looked before this tree was written down.
    refuseStopped();
  } catch (error) {
    // What is not written down could outlive us unseen, and what is not counted could grow: it must not run.
    signalOwnTree(tree, 'SIGKILL');
    runFile.remove(marker);
    throw error;
  }
  inputs.forEach((input, index) => {
    const pipe = child.stdio[3 + index] as Writable;
    pipe.on('error', () => undefined); // Ended before it had read its settings: its exit code tells.
    pipe.end(input);
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const watched = program.resources ? endBeyond(child, pid, program.resources) : undefined;
  void gone.then(() => {
    if (program.ownsNamespace || processesOfOwnTree(tree).length === 0) runFile.remove(marker);
  });

  return {
    child,
    exceeded: () => watched?.exceeded(),
    ...(watched ? { memory: watched.watch } : {}),
    async end(graceMs) {
      const deadline = performance.now() + graceMs;
      // The end of bubblewrap itself would kill at once what is to come to its end in order.
      if (program.ownsNamespace) signalBelowLeader(tree, 'SIGTERM');
      else signalOwnTree(tree, 'SIGTERM');
      await within(gone, graceMs);
      while (performance.now() < deadline && processesOfOwnTree(tree).length > 0) await after(settlePollMs);
      // What cannot be killed stays in the run file: the next start tries again.
      if (await killUntilGone(tree)) runFile.remove(marker);
    },
  };
}

/**
 * Ends a confined tree that goes beyond its limits. The whole group gets the signal in one moment, so that it cannot fork
 * faster than it is ended; whoever left the group ends with the namespace.
 */
function endBeyond(child: ChildProcess, pid: number, resources: Resources) {
  let exceeded: ExceededLimit | undefined;
  const beyond = (limit: ExceededLimit) => {
    exceeded = limit;
    signalGroup(pid, 'SIGKILL');
  };
  const watch = watchTree(pid, resources, beyond);
  child.once('exit', () => watch.end());
  return { watch, exceeded: () => exceeded };
}

/** A tree that forks while it is being killed needs more than one round of signals. */
async function killUntilGone(tree: Tree): Promise<boolean> {
  const deadline = performance.now() + settleLimitMs;
  while (signalOwnTree(tree, 'SIGKILL') > 0) {
    if (performance.now() > deadline) return false;
    await after(settlePollMs);
  }
  return true;
}
