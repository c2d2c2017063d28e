import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { ContainedProcess, Containment, Launch, Sandbox } from '../sandbox.ts';
import { contained } from './containment.ts';
import { identityOf } from './identity.ts';
import type { RunFile } from './run-file.ts';
import { runToEnd } from './run-to-end.ts';
import { after, within } from './time.ts';
import { markerVariable, processesOfOwnTree, signalBelowLeader, signalOwnTree, signalTree, type Tree } from './tree.ts';

const settlePollMs = 20;
const settleLimitMs = 3000;

/** Runs programs as children of this process under the given containment, each tree listed in the run file. */
export function openProcessSandbox(containment: Containment, runFile: RunFile): Sandbox {
  const start = (launch: Launch): ContainedProcess => startTree(containment, runFile, launch);
  return {
    containment,
    start,
    run: (launch, limits, signal) => runToEnd(start, launch, limits, signal),
    killAll() {
      for (const tree of runFile.trees()) signalTree(tree, 'SIGKILL');
    },
  };
}

function startTree(containment: Containment, runFile: RunFile, launch: Launch): ContainedProcess {
  const marker = randomUUID();
  const { command, args } = contained(containment, launch.command, launch.args);
  const child = spawn(command, args, {
    cwd: launch.cwd,
    env: { ...launch.env, [markerVariable]: marker },
    stdio: 'pipe',
    // A session of its own: Ctrl-C in the terminal reaches us alone, and we end the tree in order.
    detached: true,
  });
  // A listener from the first moment on: `error` may come before whoever asked has had the time to listen.
  child.on('error', () => undefined);
  const { pid } = child;
  if (pid === undefined) return { child, end: async () => undefined };

  // One that is dead already may have left others behind, which its marker finds.
  const tree: Tree = { pid, startedAt: identityOf(pid)?.startedAt ?? 'ended', marker };
  try {
    runFile.add({ ...tree, purpose: launch.purpose });
  } catch (error) {
    // What is not written down could outlive us unseen, so it must not run.
    signalOwnTree(tree, 'SIGKILL');
    runFile.remove(marker);
    throw error;
  }
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  void gone.then(() => {
    if (containment === 'bubblewrap' || processesOfOwnTree(tree).length === 0) runFile.remove(marker);
  });

  return {
    child,
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

/** A tree that forks while it is being killed needs more than one round of signals. */
async function killUntilGone(tree: Tree): Promise<boolean> {
  const deadline = performance.now() + settleLimitMs;
  while (signalOwnTree(tree, 'SIGKILL') > 0) {
    if (performance.now() > deadline) return false;
    await after(settlePollMs);
  }
  return true;
}
