import type { AgentRole } from '../domain/agent.ts';
import type { News, Origin } from '../domain/event.ts';
import type { MachineId, SessionId, TaskId, ToolRequestId } from '../domain/identifiers.ts';
import type { Night, Repository, Talk, Task, Wish } from '../domain/task.ts';
import type { Store } from '../store/store.ts';
import type { Workspaces } from '../workspace/workspace.ts';

/** A task may be a whole page of specification; beyond that it belongs into a file of the workspace. */
const longestTask = 100_000;

export type TaskOrder = {
  readonly text: string;
  readonly agent: AgentRole;
  /** Without it, and without a repository, a folder of its own. */
  readonly workspace?: string;
  /** An existing repository to work for; the workspace is then a worktree of it. */
  readonly repository?: string;
  /** The task in whose workspace this one works as well. */
  readonly beside?: Pick<Task, 'workspace' | 'repository'>;
  readonly night?: Night;
  /** The task whose session and workspace this one continues. */
  readonly continues?: Pick<Task, 'id' | 'workspace' | 'sessionId' | 'repository'>;
  /** Of the project manager's tasks. */
  readonly wish?: Wish;
  readonly talk?: Talk;
  readonly origin: Origin;
  readonly model: string;
  readonly promptLimit: number;
  readonly roundTimeoutSeconds: number;
};

export type Refusal = { readonly problem: string; readonly cure: string };

/** A task that was checked and has its ids, and is not recorded yet. */
export type CheckedTask = Omit<TaskOrder, 'workspace' | 'repository' | 'beside' | 'continues'> & {
  readonly workspace: string;
  /** Where files that came with it will be, as paths inside the workspace. */
  readonly attachments?: readonly string[];
  /** The project that it is an attempt at a phase of. */
  readonly project?: TaskId;
  readonly toolRequest?: ToolRequestId;
  readonly retires?: string;
  readonly repository?: Repository;
  readonly continues?: TaskId;
  readonly id: TaskId;
  readonly sessionId: SessionId;
  readonly machine: MachineId;
};

/** Checks what a person asks for and gives it its ids; nothing is recorded. */
export async function checkTask(
  order: TaskOrder,
  ids: { readonly id: TaskId; readonly sessionId: SessionId; readonly machine: MachineId },
  workspaces: Workspaces,
): Promise<CheckedTask | Refusal> {
  const text = order.text.trim();
  if (text === '') return { problem: 'The task is empty.', cure: 'Say what is to be done: spiral "Create a …"' };
  if (text.length > longestTask) {
    return {
      problem: `The task is ${text.length} characters long; ${longestTask} is the limit.`,
      cure: 'Put the long part into a file of the workspace and name it in the task.',
    };
  }
  const { repository, beside, continues, ...rest } = order;
  if (beside) return { ...rest, ...ids, text, workspace: beside.workspace, ...inRepository(beside) };
  if (continues) return { ...rest, ...ids, text, ...continuing(continues) };
  const place = await placeOf(order, ids.id, workspaces);
  if (!('workspace' in place)) return { problem: `Cannot work here: ${place.problem}.`, cure: capital(place.cure) };
  return { ...rest, ...ids, text, ...place };
}

function continuing({ id, workspace, sessionId, repository }: NonNullable<TaskOrder['continues']>) {
  return { continues: id, workspace, sessionId, ...inRepository({ repository }) };
}

function inRepository({ repository }: { readonly repository?: Repository | undefined }) {
  return repository ? { repository } : {};
}

async function placeOf(order: TaskOrder, id: TaskId, workspaces: Workspaces) {
  if (order.repository !== undefined) return workspaces.worktrees.plan(order.repository, id);
  const folder = await (order.workspace === undefined ? workspaces.own.open(id) : workspaces.open(order.workspace));
  return 'path' in folder ? { workspace: folder.path } : folder;
}

/** Records a checked task and the news of it. */
export function recordTask(task: CheckedTask, store: Store): Promise<Task> {
  return store.tasks.create(task, acceptanceOf(task));
}

/**
 * The same, unless a task was recorded for the request of this key: then nothing is, and it is false.
 *
 * @param requestKey see `TaskStore.ofRequest`
 */
export function recordOnce(task: CheckedTask, requestKey: string, store: Store): Promise<boolean> {
  return store.tasks.createOnce(task, [acceptanceOf(task)], requestKey);
}

/** What is told of a task that was accepted. */
export function acceptanceOf(task: CheckedTask): News {
  const { id, text, agent, origin, workspace, machine, model, promptLimit } = task;
  const { continues, project, repository, night, talk, toolRequest } = task;
  return {
    type: 'task.accepted',
    taskId: id,
    text,
    agent,
    origin,
    workspace,
    machine,
    model,
    promptLimit,
    ...(continues === undefined ? {} : { continues }),
    ...(project === undefined ? {} : { project }),
    ...(repository ? { repository: { path: repository.path, branch: repository.branch } } : {}),
    ...(night ? { night: night.name } : {}),
    ...(talk ? { conversation: talk.conversationId } : {}),
    ...(toolRequest === undefined ? {} : { toolRequest }),
  };
}

function capital(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}
