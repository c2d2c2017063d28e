import { randomUUID } from 'node:crypto';
import type { MachineId, SessionId, TaskId } from '../domain/identifiers.ts';
import { isRehearsed, projectOf, type Task } from '../domain/task.ts';
import type { Submission, TaskRequest } from '../spiral.ts';
import { jobOf, laneOf } from '../workflows/serve-tasks.ts';
import { checkTask, type Refusal, recordTask, type TaskOrder } from '../workflows/submit-task.ts';
import { talkOf } from './conversations.ts';
import type { Drives } from './drives.ts';
import { newTaskId } from './new-ids.ts';
import type { Parts } from './parts.ts';

/** Checks and records a task, and starts what will drive it. */
export async function acceptTask(
  order: TaskOrder,
  driveHere: boolean,
  parts: Parts,
  drives: Drives,
): Promise<Submission> {
  const checked = await checkTask(order, newIds(parts.machine), parts.workspaces);
  if ('problem' in checked) return { kind: 'refused', ...checked };
  if (driveHere) parts.requireReady();
  try {
    // Claude Code needs half a second to start; the database is opened and written to meanwhile. A worktree is not there yet.
    const isReady = order.repository === undefined && order.continues === undefined;
    if (driveHere && isReady && order.agent === 'developer') await drives.prepare(checked);
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
export async function orderOf(request: TaskRequest, parts: Parts): Promise<TaskOrder | Refusal> {
  const { defaults, night } = parts;
  const usual = defaults(request.agent);
  const continues = request.project === undefined ? undefined : await projectNamed(request.project, parts);
  if (continues && 'problem' in continues) return continues;
  const talk = request.talk && (await talkOf(request.talk, parts));
  if (talk && 'problem' in talk) return talk;
  return {
    ...(talk ? { talk } : {}),
    text: request.text,
    agent: request.agent,
    workspace: request.workspace,
    ...(request.repository === undefined ? {} : { repository: request.repository }),
    ...(request.unattended === true ? { night: night() } : {}),
    origin: request.origin,
    ...(request.wish === undefined ? {} : { wish: request.wish }),
    ...(continues ? { continues } : {}),
    model: request.model ?? usual.model,
    promptLimit: request.promptLimit ?? usual.promptLimit,
    roundTimeoutSeconds: request.roundTimeoutSeconds ?? usual.roundTimeoutSeconds,
  };
}

async function projectNamed(beginning: string, { store }: Parts): Promise<Task | Refusal> {
  const found = (await (await store()).tasks.find(beginning)).filter((task) => projectOf(task) !== undefined);
  const [project] = found;
  if (!project) return { problem: `There is no project ${beginning}.`, cure: 'See spiral projects.' };
  if (found.length > 1) {
    const ids = found.map(({ id }) => id).join(', ');
    return { problem: `Several projects begin with ${beginning}: ${ids}.`, cure: 'Type more of the id.' };
  }
  if (project.state.kind === 'finished') return project;
  return {
    problem: `Project ${project.id} is not over, and one thing after another is built in its folder.`,
    cure: `See how it stands: spiral projects show ${project.id}`,
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
  const { agent, workspace, origin, model, promptLimit, roundTimeoutSeconds, wish } = task;
  return {
    agent,
    ...(wish === undefined ? {} : { wish }),
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
  return { id: newTaskId(), sessionId: randomUUID() as SessionId, machine };
}
