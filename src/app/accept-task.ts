import { randomUUID } from 'node:crypto';
import type { AgentRole } from '../domain/agent.ts';
import type { MachineId, SessionId, TaskId } from '../domain/identifiers.ts';
import { isRehearsed, projectOf, type Task } from '../domain/task.ts';
import type { Attachment } from '../spiral/surface.ts';
import type { Submission, TaskRequest } from '../spiral.ts';
import { jobOf, laneOf } from '../workflows/serve-tasks.ts';
import {
  type CheckedTask,
  checkTask,
  type Refusal,
  recordOnce,
  recordTask,
  type TaskOrder,
} from '../workflows/submit-task.ts';
import { talkOf } from './conversations.ts';
import type { Drives } from './drives.ts';
import { newTaskId } from './new-ids.ts';
import type { Parts } from './parts.ts';

/** How a task is given. */
export type Giving = {
  readonly driveHere: boolean;
  readonly attachments: readonly Attachment[];
  /** See `TaskRequest.key`. */
  readonly key: string | undefined;
};

const mostAttachments = 50;
const mostAttachedBytes = 100 * 1024 * 1024;

/** Checks and records a task, and starts what will drive it. */
export async function acceptTask(
  order: TaskOrder,
  { driveHere, attachments, key }: Giving,
  parts: Parts,
  drives: Drives,
): Promise<Submission> {
  const tooMuch = problemOf(attachments);
  if (tooMuch) return { kind: 'refused', ...tooMuch };
  const { workspaces } = parts;
  const checked = await checkTask(order, newIds(parts.machine), workspaces);
  if ('problem' in checked) return { kind: 'refused', ...checked };
  if (driveHere) parts.requireReady();
  try {
    // Claude Code needs half a second to start; the database is opened and written to meanwhile. A worktree is not there yet.
    const isReady = order.repository === undefined && !order.beside && !order.continues;
    if (driveHere && isReady && order.agent === 'developer') await drives.prepare(checked);
    // Before the task is recorded: none may begin without them.
    const attached = attachments.length === 0 ? [] : await workspaces.attachments.keep(checked.id, attachments);
    const task = attached.length === 0 ? checked : { ...checked, attachments: attached };
    const store = await parts.store();
    if (key === undefined) {
      await recordTask(task, store);
    } else if (!(await recordOnce(task, key, store))) {
      const first = await acceptedBefore(key, driveHere, parts);
      if (!first) throw new Error(`the task of the request ${key} is gone`);
      await forget(checked, order, parts, drives);
      return first;
    }
    if (!driveHere) await queueTask(task.id, parts);
    return { kind: 'accepted', taskId: task.id };
  } catch (error) {
    await drives.discard(checked.id);
    throw error;
  }
}

/** The task that was made when the same was asked for before; queued again, for a kill may have come between. */
export async function acceptedBefore(key: string, driveHere: boolean, parts: Parts): Promise<Submission | undefined> {
  const task = await (await parts.store()).tasks.ofRequest(key);
  if (!task) return undefined;
  if (!driveHere && task.state.kind === 'accepted' && !task.lease) await queueTask(task.id, parts);
  return { kind: 'accepted', taskId: task.id };
}

async function queueTask(taskId: TaskId, { queue, machine }: Parts): Promise<void> {
  await (await queue()).add(laneOf(machine), jobOf(taskId), { kind: 'advance-task', taskId });
}

/** Somebody else recorded the task for the same request first: what was made for this one is nobody's. */
async function forget(task: CheckedTask, order: TaskOrder, { workspaces }: Parts, drives: Drives): Promise<void> {
  await drives.discard(task.id);
  await workspaces.attachments.discard(task.id);
  const isOwn = order.workspace === undefined && order.repository === undefined && !order.beside && !order.continues;
  if (isOwn) await workspaces.own.discard(task.id);
}

function problemOf(attachments: readonly Attachment[]): Refusal | undefined {
  const bytes = attachments.reduce((sum, { content }) => sum + content.length, 0);
  if (attachments.length <= mostAttachments && bytes <= mostAttachedBytes) return undefined;
  return {
    problem: `More than ${mostAttachments} files, or ${mostAttachedBytes / 1024 / 1024} MB, came with the task.`,
    cure: 'Put them into a folder, and name it as the workspace.',
  };
}

/** What a person asks for, with what they left out. */
export async function orderOf(request: TaskRequest, parts: Parts): Promise<TaskOrder | Refusal> {
  const { defaults, night } = parts;
  const usual = defaults(request.agent);
  const continues = request.project === undefined ? undefined : await projectNamed(request.project, parts);
  if (continues && 'problem' in continues) return continues;
  const beside = request.beside && (await besideTask(request.beside, request.agent, parts));
  if (beside && 'problem' in beside) return beside;
  const talk = request.talk && (await talkOf(request.talk, parts));
  if (talk && 'problem' in talk) return talk;
  return {
    ...(talk ? { talk } : {}),
    text: request.text,
    agent: request.agent,
    ...(beside ? { beside } : placeIn(request)),
    ...(request.unattended === true ? { night: night() } : {}),
    origin: request.origin,
    ...(request.wish === undefined ? {} : { wish: request.wish }),
    ...(continues ? { continues } : {}),
    model: request.model ?? usual.model,
    promptLimit: request.promptLimit ?? usual.promptLimit,
    roundTimeoutSeconds: request.roundTimeoutSeconds ?? usual.roundTimeoutSeconds,
  };
}

function placeIn({ workspace, repository }: TaskRequest): Pick<TaskOrder, 'workspace' | 'repository'> {
  return { ...(workspace === undefined ? {} : { workspace }), ...(repository === undefined ? {} : { repository }) };
}

/** Who only reads may do so at any time; two that write would spoil each other's work. */
async function besideTask(id: TaskId, agent: AgentRole, { store }: Parts): Promise<Task | Refusal> {
  const task = await (await store()).tasks.get(id);
  if (!task) return { problem: `There is no task ${id}.`, cure: 'Give it as a task of its own.' };
  const isWriting = agent === 'developer' || agent === 'project-manager';
  if (!isWriting || task.talk || task.state.kind === 'finished') return task;
  return {
    problem: `Task ${id} still works in that folder.`,
    cure: 'Say it again when that is over, or give it as a task of its own.',
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
export function continuationOf(task: Task, text: string | undefined, origin = task.origin): TaskOrder | Refusal {
  if (isRehearsed(task)) {
    return {
      problem: `Task ${task.id} is a demo: its model was rehearsed, and no other can go on with it.`,
      cure: `Work on in its folder: spiral "…" -w ${task.workspace}`,
    };
  }
  const { agent, workspace, model, promptLimit, roundTimeoutSeconds, wish, talk } = task;
  return {
    agent,
    ...(wish === undefined ? {} : { wish }),
    // What a person says in it is theirs, whoever began it.
    ...(talk ? { talk: { conversationId: talk.conversationId, topic: talk.topic, members: talk.members } } : {}),
    workspace,
    origin: origin === 'spiral' ? 'cli' : origin,
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
