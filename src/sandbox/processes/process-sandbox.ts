import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { View } from '../confinement/open-view.ts';
import type { Resources } from '../confinement/resources.ts';
import { type ExceededLimit, watchTree } from '../confinement/watch-tree.ts';
import {
  type ContainedProcess,
  type Containment,
  type Launch,
  type Sandbox,
  StoppedByPerson,
  type StopRequests,
} from '../sandbox.ts';
import { contained } from './containment.ts';
import { identityOf } from './identity.ts';
import type { RunFile } from './run-file.ts';
import { runToEnd } from './run-to-end.ts';
import { after, within } from './time.ts';
import {
  markerVariable,
  processesOfOwnTree,
  signalBelowLeader,
  signalGroup,
  signalOwnTree,
  signalTree,
  type Tree,
} from './tree.ts';

const settlePollMs = 20;
const settleLimitMs = 3000;

export type SandboxSetting = {
  /** How a `Confinement` is kept; without it none is. Needs the containment `bubblewrap`. */
  readonly view?: View | undefined;
  /** Whose tasks nothing may be started for. */
  readonly stops?: Pick<StopRequests, 'isRequested'>;
};

/** Runs programs as children of this process under the given containment, each tree listed in the run file. */
export function openProcessSandbox(containment: Containment, runFile: RunFile, setting: SandboxSetting = {}): Sandbox {
  const view = containment === 'bubblewrap' ? setting.view : undefined;
  const start = (launch: Launch): ContainedProcess => startTree(containment, runFile, { ...setting, view }, launch);
  return {
    containment,
    confines: view !== undefined,
    nests: view?.nests ?? false,
    start,
    run: (launch, limits, signal) => runToEnd(start, launch, limits, signal),
    killAll() {
      for (const tree of runFile.trees()) signalTree(tree, 'SIGKILL');
    },
  };
}

function startTree(
  containment: Containment,
  runFile: RunFile,
  { view, stops }: SandboxSetting,
  launch: Launch,
): ContainedProcess {
  const refuseStopped = () => {
    if (launch.taskId !== undefined && stops?.isRequested(launch.taskId)) throw new StoppedByPerson(launch.taskId);
  };
  refuseStopped();
  const marker = randomUUID();
  const { command, args, env } =
    view && launch.confinement
      ? view.wrap(launch, launch.confinement)
      : { ...contained(containment, launch.command, launch.args), env: launch.env };
  const child = spawn(command, args, {
    cwd: launch.cwd,
    env: { ...env, [markerVariable]: marker },
    stdio: 'pipe',
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
    const { purpose, taskId } = launch;
    runFile.add({ ...tree, purpose, ...(taskId === undefined ? {} : { taskId }) });
    // Once more: whoever stopped the task in the meantime may have looked before this tree was written down.
    refuseStopped();
  } catch (error) {
    // What is not written down could outlive us unseen, so it must not run.
    signalOwnTree(tree, 'SIGKILL');
    runFile.remove(marker);
    throw error;
  }
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const exceeded =
    view && launch.confinement?.resources ? endBeyond(child, pid, launch.confinement.resources) : undefined;
  void gone.then(() => {
    if (containment === 'bubblewrap' || processesOfOwnTree(tree).length === 0) runFile.remove(marker);
  });

  return {
    child,
    exceeded: () => exceeded?.(),
    async end(graceMs) {
      const deadline = performance.now() + graceMs;
      // The end of bubblewrap itself would kill at once what is to come to its end in order.
      if (containment === 'bubblewrap') signalBelowLeader(tree, 'SIGTERM');
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
function endBeyond(child: ChildProcess, pid: number, resources: Resources): () => ExceededLimit | undefined {
  let exceeded: ExceededLimit | undefined;
  const watch = watchTree(pid, resources, (limit) => {
    exceeded = limit;
    signalGroup(pid, 'SIGKILL');
  });
  child.once('exit', () => watch.end());
  return () => exceeded;
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
