import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { program, type Stage } from './stage.ts';

export type StartedTask = {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly taskId: string;
};

/** `spiral "…" --json` in a process of its own, as far as its first event. */
export async function startTask(stage: Stage, text: string, workspace: string): Promise<StartedTask> {
  const child = stage.start([program, text, '-w', workspace, '--json'], ['ignore', 'pipe', 'ignore']);
  const accepted = await lineWith('"task.accepted"', child.stdout);
  const taskId = /"taskId":"(\w+)"/.exec(accepted)?.[1];
  if (taskId === undefined || child.pid === undefined) throw new Error(`no task was accepted: ${accepted}`);
  return { child, pid: child.pid, taskId };
}

/** Resolves with the first line that holds the text; what comes behind it is read and dropped. */
export async function lineWith(text: string, output: Readable | null): Promise<string> {
  if (output === null) throw new Error('nothing is read of this program');
  for await (const line of createInterface({ input: output })) {
    if (!line.includes(text)) continue;
    output.resume();
    return line;
  }
  throw new Error(`the program ended without a line with ${text}`);
}

/** Resolves when the process has ended; after the time it is killed. */
export async function ended(child: ChildProcess, milliseconds = 60_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
  await once(child, 'exit');
  clearTimeout(timer);
}
