import type { ChildProcess } from 'node:child_process';
import { statSync } from 'node:fs';
import { constants } from 'node:os';
import type { CommandResult, ContainedProcess, Launch, Limits } from '../sandbox.ts';
import { capturedOutput } from './captured-output.ts';
import { isProgram } from './program.ts';
import { within } from './time.ts';

const graceAfterTimeoutMs = 1000;
/** Output may still be in the pipes when a program ends; a daemon that keeps them open must not keep us for ever. */
const drainMs = 500;
/** Node takes a longer time for none at all. */
const longestTimeoutMs = 2 ** 31 - 1;

type EndCause = 'exited' | 'timed-out' | 'aborted' | Error;

/** What bubblewrap exits with for a program that wrote more to a file than it may: 128 and SIGXFSZ. */
const fileTooLarge = 128 + constants.signals.SIGXFSZ;

/** Runs a command to its end within limits; never rejects. What is left of its tree is gone when it resolves. */
export async function runToEnd(
  start: (launch: Launch) => ContainedProcess,
  launch: Launch,
  limits: Limits,
  signal?: AbortSignal,
): Promise<CommandResult> {
  const begun = performance.now();
  if (signal?.aborted) return { exitCode: null, timedOut: false, aborted: true, output: '', durationMs: 0 };
  if (!isFolder(launch.cwd)) return notStarted(`there is no folder ${launch.cwd}`);
  if (!isProgram(launch.command, launch.cwd, launch.env['PATH']))
    return notStarted(`${launch.command} is not installed`);
  let tree: ContainedProcess;
  try {
    tree = start(inOneStream(launch));
  } catch (error) {
    // Arguments that are too long for the system, no memory, or a state root that cannot be written.
    return notStarted(error instanceof Error ? error.message : String(error));
  }
  const { child } = tree;
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const output = capturedOutput(limits.outputBytes);
  for (const stream of [child.stdout, child.stderr]) {
    // Decoded stream by stream: what could not even be started may tell of it on the other one.
    stream?.setEncoding('utf8').on('data', (text: string) => output.add(Buffer.from(text)));
  }
  child.stdin?.on('error', () => undefined); // A command that never reads its input closes it; that is its right.
  child.stdin?.end();

  const cause = await firstOf(child, limits.timeoutMs, signal);
  if (cause === 'exited') await within(closed, drainMs);
  await tree.end(cause === 'exited' ? 0 : graceAfterTimeoutMs);
  if (cause instanceof Error) return notStarted(cause.message);
  await within(closed, drainMs);
  // Whatever still holds the other ends is out of our reach; the pipes must not keep us alive with it.
  child.stdout?.destroy();
  child.stderr?.destroy();
  return {
    exitCode: cause === 'exited' && tree.exceeded() === undefined ? child.exitCode : null,
    timedOut: cause === 'timed-out',
    aborted: cause === 'aborted',
    output: output.text(),
    ...limitOf(tree, launch, child.exitCode),
    durationMs: Math.round(performance.now() - begun),
  };
}

/** Two pipes are read in any order; only one keeps what was written to both in the order in which it was written. */
function inOneStream(launch: Launch): Launch {
  return { ...launch, command: '/bin/sh', args: ['-c', 'exec "$@" 2>&1', 'sh', launch.command, ...launch.args] };
}

function limitOf(tree: ContainedProcess, launch: Launch, exitCode: number | null): Pick<CommandResult, 'limit'> {
  const limit = tree.exceeded();
  if (limit !== undefined) return { limit };
  return launch.confinement?.resources && exitCode === fileTooLarge ? { limit: 'file-size' } : {};
}

function notStarted(reason: string): CommandResult {
  return { exitCode: null, timedOut: false, aborted: false, output: '', notStarted: reason, durationMs: 0 };
}

function firstOf(child: ChildProcess, timeoutMs: number, signal?: AbortSignal): Promise<EndCause> {
  return new Promise((resolve) => {
    const settle = (cause: EndCause) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
      resolve(cause);
    };
    const aborted = () => settle('aborted');
    const timer = setTimeout(() => settle('timed-out'), Math.min(timeoutMs, longestTimeoutMs));
    child.once('error', settle);
    child.once('exit', () => settle('exited'));
    signal?.addEventListener('abort', aborted, { once: true });
  });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false; // Deleted, or never there: the answer to the question.
  }
}
