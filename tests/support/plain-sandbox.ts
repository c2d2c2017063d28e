import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { runToEnd } from '../../src/sandbox/processes/run-to-end.ts';
import type { ContainedProcess, Launch, Sandbox } from '../../src/sandbox/sandbox.ts';

/**
 * `run` of a sandbox by child processes alone, without the containment of the real one: a process group that is killed as a
 * whole. For tests of what runs commands and does not care how they are contained.
 */
export const plainRun: Sandbox['run'] = (launch, limits, signal) => runToEnd(startPlainly, launch, limits, signal);

function startPlainly(launch: Launch): ContainedProcess {
  const child = spawn(launch.command, [...launch.args], { cwd: launch.cwd, env: launch.env, detached: true });
  return {
    child,
    exceeded: () => undefined,
    async end() {
      killGroup(child);
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
