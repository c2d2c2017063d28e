import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { CommandResult, ContainedProcess, Containment, Launch, Limits, Sandbox } from '../sandbox.ts';
import { capturedOutput } from './captured-output.ts';
import { contained } from './containment.ts';
import { identityOf } from './identity.ts';
import { isProgram } from './program.ts';
import type { RunFile } from './run-file.ts';
import { markerVariable, processesMarked, signalTree } from './tree.ts';

const graceAfterTimeoutMs = 1000;
const settlePollMs = 20;
const settleLimitMs = 3000;

/** Runs programs as children of this process under the given containment, each tree listed in the run file. */
export function openProcessSandbox(containment: Containment, runFile: RunFile): Sandbox {
  const start = (launch: Launch): ContainedProcess => startTree(containment, runFile, launch);
  return {
    containment,
    start,
    run: async (launch, limits, signal) =>
      isProgram(launch.command, launch.cwd, launch.env['PATH'])
        ? runToEnd(start(launch), limits, signal)
        : notStarted(`${launch.command} is not installed`),
    killAll() {
      for (const tree of runFile.trees()) signalTree(tree, tree.marker, 'SIGKILL');
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
    // A process group of its own: Ctrl-C in the terminal reaches us alone, and we end the tree in order.
    detached: true,
  });
  // A listener from the first moment on: `error` may come before whoever asked has had the time to listen.
  child.on('error', () => undefined);
  const leader = child.pid === undefined ? undefined : identityOf(child.pid);
  if (leader) runFile.add({ ...leader, marker, purpose: launch.purpose });
  child.once('exit', () => {
    if (containment === 'bubblewrap' || processesMarked(marker).length === 0) runFile.remove(marker);
  });

  return {
    child,
    async end(graceMs) {
      if (!leader) return;
      const gone = child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, 'exit');
      signalTree(leader, marker, 'SIGTERM');
      await Promise.race([gone, after(graceMs)]);
      await killUntilGone(() => signalTree(leader, marker, 'SIGKILL'));
      runFile.remove(marker);
    },
  };
}

/** A tree that forks while it is being killed needs more than one round of signals. */
async function killUntilGone(kill: () => number): Promise<void> {
  const deadline = Date.now() + settleLimitMs;
  while (kill() > 0 && Date.now() < deadline) await after(settlePollMs);
}

async function runToEnd(tree: ContainedProcess, limits: Limits, signal?: AbortSignal): Promise<CommandResult> {
  const begun = performance.now();
  const { child } = tree;
  const output = capturedOutput(limits.outputBytes);
  child.stdout?.on('data', (chunk: Buffer) => output.add(chunk));
  child.stderr?.on('data', (chunk: Buffer) => output.add(chunk));
  child.stdin?.on('error', () => undefined); // A command that never reads its input closes it; that is its right.
  child.stdin?.end();

  const cause = await firstOf(child, limits.timeoutMs, signal);
  await tree.end(cause === 'exited' ? 0 : graceAfterTimeoutMs);
  if (cause instanceof Error) return notStarted(cause.message);
  return {
    exitCode: cause === 'exited' ? child.exitCode : null,
    timedOut: cause === 'timed-out',
    aborted: cause === 'aborted',
    output: output.text(),
    durationMs: Math.round(performance.now() - begun),
  };
}

function notStarted(reason: string): CommandResult {
  return { exitCode: null, timedOut: false, aborted: false, output: '', notStarted: reason, durationMs: 0 };
}

type EndCause = 'exited' | 'timed-out' | 'aborted' | Error;

function firstOf(child: ChildProcess, timeoutMs: number, signal?: AbortSignal): Promise<EndCause> {
  return new Promise((resolve) => {
    const settle = (cause: EndCause) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
      resolve(cause);
    };
    const aborted = () => settle('aborted');
    const timer = setTimeout(() => settle('timed-out'), timeoutMs);
    child.once('error', settle);
    child.once('exit', () => {
      // Output may still be in the pipes; a daemon that keeps them open must not keep us waiting for ever.
      const drained = once(child, 'close').catch(() => undefined);
      void Promise.race([drained, after(500)]).then(() => settle('exited'));
    });
    signal?.addEventListener('abort', aborted, { once: true });
    if (signal?.aborted) aborted();
  });
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
