import { randomBytes } from 'node:crypto';
import type { News } from '../../../src/domain/event.ts';
import type { MachineId, SessionId, TaskId } from '../../../src/domain/identifiers.ts';
import type { LeaseHolder } from '../../../src/domain/lease-holder.ts';
import type { NewTask, Store, Writer } from '../../../src/store/store.ts';

const machine = 'machine-1' as MachineId;

export const holder: LeaseHolder = { pid: 4711, startedAt: '1234567', namespace: 'pid:[1]' };

export function newTaskId(): TaskId {
  return randomBytes(4).toString('hex') as TaskId;
}

export function exampleTask(changes: Partial<NewTask> = {}): NewTask {
  return {
    id: newTaskId(),
    text: 'Create a web scraper with tests',
    agent: 'developer',
    origin: 'cli',
    workspace: `/home/me/${randomBytes(4).toString('hex')}`,
    machine,
    model: 'sonnet',
    sessionId: '00000000-0000-4000-8000-000000000000' as SessionId,
    promptLimit: 50,
    roundTimeoutSeconds: 600,
    ...changes,
  };
}

export function acceptedNews(task: NewTask): News {
  const { id: taskId, text, agent, origin, workspace, machine: on, model, promptLimit } = task;
  return { type: 'task.accepted', taskId, text, agent, origin, workspace, machine: on, model, promptLimit };
}

export function progress(taskId: TaskId, text: string): News {
  return { type: 'progress', taskId, text, by: 'tool' };
}

export async function saved(store: Store, changes: Partial<NewTask> = {}): Promise<NewTask> {
  const task = exampleTask(changes);
  await store.tasks.create(task, acceptedNews(task));
  return task;
}

/** Saves a task and leases it. */
export async function leased(store: Store, changes: Partial<NewTask> = {}): Promise<Writer> {
  const { id } = await saved(store, changes);
  const lease = await store.tasks.lease(id, holder, 60);
  if (lease.kind !== 'leased') throw new Error(`the lease of a new task is ${lease.kind}`);
  return { taskId: id, attempt: lease.attempt };
}
