import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { CommandResult, Sandbox } from '../../src/sandbox/sandbox.ts';

/**
 * `run` of a sandbox by child processes alone, without the containment of the real one: a process group that is killed as a
 * whole. For tests of what runs commands and does not care how they are contained.
 */
export const plainRun: Sandbox['run'] = async (launch, limits, signal) => {
  const startedAt = performance.now();
  const child = spawn(launch.command, [...launch.args], { cwd: launch.cwd, env: launch.env, detached: true });
  const chunks: Buffer[] = [];
  let bytes = 0;
  const collect = (chunk: Buffer) => {
    if (bytes < limits.outputBytes) chunks.push(chunk.subarray(0, limits.outputBytes - bytes));
    bytes += chunk.length;
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  child.stdin.on('error', () => undefined);
  child.stdin.end();

  const killTree = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  };
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    killTree();
  }, limits.timeoutMs);
  signal?.addEventListener('abort', killTree, { once: true });
  if (signal?.aborted) killTree();

  const ended = (exitCode: number | null, notStarted?: string): CommandResult => ({
    exitCode: timedOut ? null : exitCode,
    timedOut,
    aborted: signal?.aborted ?? false,
    output: Buffer.concat(chunks).toString('utf8'),
    ...(notStarted === undefined ? {} : { notStarted }),
    durationMs: Math.round(performance.now() - startedAt),
  });
  try {
    await once(child, 'close');
    return ended(child.exitCode);
  } catch (error) {
    return ended(null, error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', killTree);
    killTree();
  }
};
