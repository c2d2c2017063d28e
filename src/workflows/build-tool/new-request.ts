import { randomUUID } from 'node:crypto';
import type { SessionId, ToolRequestId } from '../../domain/identifiers.ts';
import type { Task } from '../../domain/task.ts';
import type { ToolWish } from '../../domain/tool-request.ts';
import type { KeyedNews, Store } from '../../store/store.ts';
import type { NewToolRequest } from '../../store/tool-requests.ts';
import type { RunTaskNeeds } from '../run-task/needs.ts';
import { acceptanceOf, type CheckedTask } from '../submit-task.ts';

const idLength = 8;
const likeIt = 3;
/** Each is a question to the project manager that nobody has granted by itself. */
const mostOpen = 3;
/** For the assessment, asked again where it must be; a human's approval says what the build may use. */
const assessmentPrompts = 2;

/** What an agent is told that has asked for too many tools. */
export const tooMany = `This task has ${mostOpen} open requests for tools already. Go on with what there is.`;

/** Whether a task may file one more request; a call that has filed one before may always be made again. */
export async function mayFile(
  { id }: Pick<Task, 'id'>,
  callId: string | undefined,
  { toolRequests }: Pick<Store, 'toolRequests'>,
): Promise<boolean> {
  if (callId !== undefined && (await toolRequests.ofCall(id, callId))) return true;
  return (await toolRequests.openOf(id)) < mostOpen;
}

/** A request as it is saved, with the project manager's task that works on it. */
export async function newRequest(
  task: Pick<Task, 'id' | 'agent' | 'origin' | 'machine' | 'model' | 'roundTimeoutSeconds' | 'night'>,
  { blocking, ...wish }: ToolWish,
  callId: string | undefined,
  isBlocking: boolean,
  { toolbox, newTaskId }: Pick<RunTaskNeeds, 'toolbox' | 'newTaskId'>,
  improves?: string,
): Promise<{ readonly wanted: NewToolRequest; readonly accepted: KeyedNews }> {
  const id = randomUUID().replaceAll('-', '').slice(0, idLength) as ToolRequestId;
  const found = await toolbox.registry.search(
    `${wish.name} ${wish.description} ${wish.requirements.join(' ')}`,
    likeIt,
  );
  const similar = found.map(({ tool: { manifest } }) => manifest.name);
  const { agent, origin, machine, model, roundTimeoutSeconds, night } = task;
  const work: CheckedTask = {
    id: newTaskId(),
    text: `The tool ${wish.name}: ${wish.description}`,
    agent: 'project-manager',
    origin,
    workspace: await toolbox.makeFolderFor(id),
    machine,
    model,
    sessionId: randomUUID() as SessionId,
    promptLimit: assessmentPrompts,
    roundTimeoutSeconds,
    toolRequest: id,
    ...(night ? { night } : {}),
  };
  const request = {
    ...wish,
    id,
    requestedBy: agent,
    taskId: task.id,
    isBlocking,
    workTask: work.id,
    similar,
    ...(improves === undefined ? {} : { improves }),
  };
  return {
    wanted: { request, work, ...(callId === undefined ? {} : { callId }) },
    accepted: { news: acceptanceOf(work) },
  };
}
