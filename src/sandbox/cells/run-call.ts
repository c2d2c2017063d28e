import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type { Isolation, ToolRun, ToolRunLimit, ToolRunResult } from '../cells.ts';
import type { WatchedProcess } from '../processes/start-tree.ts';
import { within } from '../processes/time.ts';
import { readStatus } from './status.ts';
import { type CellDisk, watchDisk } from './watch-disk.ts';

/** Output may still be in the pipes when a program ends. */
const drainMs = 500;
/** Node takes a longer time for none at all. */
const longestTimeoutMs = 2 ** 31 - 1;

/** What bubblewrap exits with for a program that a signal ended. */
const signalled = 128;
const limitOfExitCode: Readonly<Record<number, ToolRunLimit>> = {
  [signalled + constants.signals.SIGXCPU]: 'cpu',
  [signalled + constants.signals.SIGXFSZ]: 'file-size',
};

type Cause = 'exited' | 'timed-out' | 'aborted' | 'output' | 'disk' | Error;

export type Call = {
  readonly start: () => WatchedProcess;
  readonly run: ToolRun;
  readonly isolation: Isolation;
  /** Where what it writes is counted; undefined where that cannot be known. */
  readonly disk: CellDisk | undefined;
};

/** Runs a call to its end within its limits; never rejects. Nothing of it is left when it resolves. */
export async function runCall({ start, run, isolation, disk }: Call, signal?: AbortSignal): Promise<ToolRunResult> {
  const begun = performance.now();
  if (signal?.aborted) return { ...nothing(isolation), aborted: true };
  let tree: WatchedProcess;
  try {
    tree = start();
  } catch (error) {
    // Stopped by a person, a command line that is too long, no memory, or a state root that cannot be written.
    return notStarted(isolation, error instanceof Error ? error.message : String(error));
  }
  const { child, memory } = tree;
  // It computed what it prints: what it needed for that it has just held.
  if (run.measuresMemory) child.stdout?.once('data', () => memory?.look());
  const status = isolation === 'bubblewrap' ? readStatus(child) : undefined;
  const ending = endingOf(child, run.limits.timeoutMs, signal);
  const watch =
    disk &&
    watchDisk(
      disk,
      () => status?.first(),
      () => ending.settle('disk'),
    );
  const [stdout, stderr] = [child.stdout, child.stderr].map((stream) =>
    collect(stream, run.limits.outputBytes, () => ending.settle('output')),
  ) as [Collected, Collected];
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.stdin?.on('error', () => undefined); // A tool that never reads its input closes it; that is its right.
  child.stdin?.end(run.input);

  const cause = await ending.settled;
  watch?.end();
  if (cause === 'exited') await within(closed, drainMs);
  await tree.end(0);
  await status?.gone();
  await within(closed, drainMs);
  // Whatever still holds the other ends is out of our reach; the pipes must not keep us alive with it.
  for (const stream of child.stdio) stream?.destroy();
  if (cause instanceof Error) return notStarted(isolation, cause.message);
  const truncated = cause === 'output' || stdout.isFull() || stderr.isFull();
  const limit = tree.exceeded() ?? (truncated ? 'output' : cause === 'disk' ? 'disk' : undefined);
  const ownEnd = cause === 'exited' && limit === undefined;
  if (ownEnd && status && !status.hasRun()) return notStarted(isolation, lastLine(stderr.text()));
  const exitCode = ownEnd ? child.exitCode : null;
  const peak = memory?.peakBytes();
  const known = limit ?? (exitCode === null ? undefined : limitOfExitCode[exitCode]);
  return {
    exitCode,
    stdout: stdout.text(),
    stderr: stderr.text(),
    timedOut: cause === 'timed-out',
    aborted: cause === 'aborted',
    truncated,
    ...(known === undefined ? {} : { limit: known }),
    isolation,
    ...(peak === undefined ? {} : { peakMemoryBytes: peak }),
    durationMs: Math.round(performance.now() - begun),
  };
}

/** The result of a call that was not made. */
export function notStarted(isolation: Isolation, reason: string): ToolRunResult {
  return { ...nothing(isolation), notStarted: reason };
}

function nothing(isolation: Isolation): ToolRunResult {
  return {
    exitCode: null,
    stdout: '',
    stderr: '',
    timedOut: false,
    aborted: false,
    truncated: false,
    isolation,
    durationMs: 0,
  };
}

/** What comes first of all that can end a call. */
function endingOf(child: ChildProcess, timeoutMs: number, signal: AbortSignal | undefined) {
  let settle: (cause: Cause) => void = () => undefined;
  const settled = new Promise<Cause>((resolve) => {
    settle = resolve;
  });
  const aborted = () => settle('aborted');
  const timer = setTimeout(() => settle('timed-out'), Math.min(timeoutMs, longestTimeoutMs));
  signal?.addEventListener('abort', aborted, { once: true });
  child.once('error', settle);
  child.once('exit', () => settle('exited'));
  void settled.then(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', aborted);
  });
  return { settled, settle: (cause: Cause) => settle(cause) };
}

type Collected = { text(): string; isFull(): boolean };

/** What comes out of a stream, up to so many bytes; `full` is called with the first one beyond. */
function collect(stream: Readable | null, limitBytes: number, full: () => void): Collected {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let isFull = false;
  stream?.on('error', () => undefined); // As good as its end.
  stream?.on('data', (chunk: Buffer) => {
    const kept = chunk.subarray(0, limitBytes - bytes);
    bytes += kept.length;
    if (kept.length > 0) chunks.push(kept);
    if (kept.length === chunk.length || isFull) return;
    isFull = true;
    full();
  });
  return { text: () => Buffer.concat(chunks).toString('utf8'), isFull: () => isFull };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) || 'the cell could not be made';
}
