import type { TaskReport } from '../../spiral/reports.ts';
import type { Spiral } from '../../spiral.ts';
import { exitCodes } from '../exit-code.ts';
import { findTask } from './find-task.ts';
import { goOn } from './go-on.ts';

/**
 * Drives a task here, and with it what it waits for: the work on a tool that it lacks, and, when that is over, the tasks that
 * have slept for the tool.
 *
 * @returns the exit code of what was driven last
 */
export async function seeThrough(
  spiral: Spiral,
  task: TaskReport,
  options: { readonly json: boolean; readonly after: number },
): Promise<number> {
  const exitCode = await goOn(spiral, task, options);
  // Whoever has driven a project has driven its tasks.
  return afterTool(spiral, task.project ?? task.id, exitCode, options.json);
}

/** What is to be driven after a task was driven as far as it went. */
export async function afterTool(
  spiral: Spiral,
  taskId: TaskReport['id'],
  exitCode: number,
  json: boolean,
): Promise<number> {
  if (exitCode === exitCodes.cancelled) return exitCode;
  const task = await findTask(spiral, taskId);
  const next = await nextAfter(spiral, task, exitCode);
  if (!next || next.driven) return exitCode;
  return seeThrough(spiral, next, { json, after: await spiral.lastEvent() });
}

async function nextAfter(spiral: Spiral, task: TaskReport, exitCode: number): Promise<TaskReport | undefined> {
  if (task.state.kind === 'waiting' && task.state.for.kind === 'tool' && exitCode === exitCodes.waiting) {
    const [request] = await spiral.findToolRequests(task.state.for.requestId);
    return request && findTask(spiral, request.workTask);
  }
  if (task.toolRequest === undefined || task.state.kind !== 'finished') return undefined;
  const [request] = await spiral.findToolRequests(task.toolRequest);
  if (!request?.isBlocking || request.taskId === undefined) return undefined;
  const sleeper = await findTask(spiral, request.taskId);
  return sleeper.state.kind === 'finished' ? undefined : sleeper;
}
