import { randomInt, randomUUID } from 'node:crypto';
import type { MachineId, SessionId, TaskId } from '../domain/identifiers.ts';
import { isRehearsed, type Task } from '../domain/task.ts';
import type { Submission, TaskRequest } from '../spiral.ts';
import { jobOf, laneOf } from '../workflows/serve-tasks.ts';
import { checkTask, type Refusal, recordTask, type TaskOrder } from '../workflows/submit-task.ts';
import type { Drives } from './drives.ts';
import type { Parts } from './parts.ts';

const idAlphabet = '0123456789abcdefghijkmnpqrstuvwxyz';

/** Checks and records a task, and starts what will drive it. */
export async function acceptTask(
  order: TaskOrder,
  driveHere: boolean,
  parts: Parts,
  drives: Drives,
): Promise<Submission> {
  const checked = await checkTask(order, newIds(parts.machine), parts.workspaces, parts.roster);
  if ('problem' in checked) return { kind: 'refused', ...checked };
  if (driveHere) parts.requireReady();
  try {
    // Claude Code needs half a second to start; the database is opened and written to meanwhile. A worktree is not there yet.
    const isReady = order.repository === undefined && order.continues === undefined;
    if (driveHere && isReady) await drives.prepare(checked);
    const task = await recordTask(checked, await parts.store());
    if (!driveHere) {
      await (await parts.queue()).add(laneOf(parts.machine), jobOf(task.id), { kind: 'advance-task', taskId: task.id });
    }
    return { kind: 'accepted', taskId: task.id };
  } catch (error) {
    await drives.discard(checked.id);
    throw error;
  }
}

/** What a person asks for, with what they left out. */
export function orderOf(request: TaskRequest, { defaults, night }: Parts): TaskOrder {
  const usual = defaults(request.agent);
  return {
    text: request.text,
    agent: request.agent,
    workspace: request.workspace,
    ...(request.repository === undefined ? {} : { repository: request.repository }),
    ...(request.unattended === true ? { night: night() } : {}),
    origin: request.origin,
    model: request.model ?? usual.model,
    promptLimit: request.promptLimit ?? usual.promptLimit,
    roundTimeoutSeconds: request.roundTimeoutSeconds ?? usual.roundTimeoutSeconds,
  };
}

/** A new task in the session of one that is over. */
export function continuationOf(task: Task, text: string | undefined): TaskOrder | Refusal {
  if (isRehearsed(task)) {
    return {
      problem: `Task ${task.id} is a demo: its model was rehearsed, and no other can go on with it.`,
      cure: `Work on in its folder: spiral "…" -w ${task.workspace}`,
    };
  }
  const { agent, workspace, origin, model, promptLimit, roundTimeoutSeconds } = task;
  return {
    agent,
    workspace,
    origin,
    model,
    promptLimit,
    roundTimeoutSeconds,
    text: text ?? `Go on with what was asked before and was not finished. It was: ${task.text}`,
    continues: task,
  };
}

function newIds(machine: MachineId): { id: TaskId; sessionId: SessionId; machine: MachineId } {
  const id = Array.from({ length: 8 }, () => idAlphabet[randomInt(idAlphabet.length)]).join('');
  return { id: id as TaskId, sessionId: randomUUID() as SessionId, machine };
}
