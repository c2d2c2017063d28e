import { and, eq, isNull } from 'drizzle-orm';
import type { News } from '../../../domain/event.ts';
import type { TaskState } from '../../../domain/task-state.ts';
import { sentenceOfOutcome, type ToolRequest } from '../../../domain/tool-request.ts';
import type { KeyedNews } from '../../store.ts';
import type { Filed, NewToolRequest, Sleeper } from '../../tool-requests.ts';
import { lockUntilCommit, type Statements } from '../database.ts';
import { record } from '../events.ts';
import { toolRequestCalls, toolRequests } from '../schema/tool-requests.ts';
import { tasks } from '../schema.ts';
import { holdTask, saveState } from '../writing.ts';
import { requestColumns, requestOf } from './request-rows.ts';

/** See `ToolRequestStore.file`. */
export async function fileRequest(
  statements: Statements,
  { request, work, callId }: NewToolRequest,
  accepted: KeyedNews,
  sleeper: Sleeper | undefined,
): Promise<Filed> {
  // Before any row: whoever closes a request takes it first, too, and then the rows of those that sleep.
  await lockUntilCommit(statements, 'toolRequests');
  if (sleeper) await holdTask(statements, sleeper.writer);
  const known = callId === undefined ? undefined : await ofCall(statements, request, callId);
  const open = known ?? (await openOfName(statements, request.name));
  const how = known ? 'known' : open ? 'joined' : 'new';
  const filed = open ?? (await insert(statements, request));
  if (!known && callId !== undefined && request.taskId !== undefined) {
    await statements.insert(toolRequestCalls).values({ taskId: request.taskId, callId, requestId: filed.id });
  }
  if (how === 'new') await statements.insert(tasks).values({ ...work, state: { kind: 'accepted' } });
  const slept = sleeper ? await putToSleep(statements, sleeper, filed) : [];
  await record(statements, [...newsOf(filed, request, how, accepted), ...slept]);
  return { request: filed, how };
}

/** The state in which a task goes on that has slept for a request. */
export function awoken(resume: Sleeper['resume'], { name, outcome }: ToolRequest): TaskState {
  if (!outcome || resume.kind !== 'working' || !resume.call) return resume;
  return { ...resume, call: { ...resume.call, words: sentenceOfOutcome(name, outcome) } };
}

async function putToSleep(
  statements: Statements,
  { writer, resume }: Sleeper,
  request: ToolRequest,
): Promise<KeyedNews[]> {
  const { taskId } = writer;
  if (request.outcome) {
    await saveState(statements, writer, awoken(resume, request));
    return [];
  }
  const { id: requestId, name } = request;
  await saveState(statements, writer, { kind: 'waiting', for: { kind: 'tool', requestId, name }, resume });
  const reason = `it needs the tool ${name} (request ${requestId})`;
  return [{ news: { type: 'task.waiting', taskId, reason } }];
}

function newsOf(
  filed: ToolRequest,
  wanted: NewToolRequest['request'],
  how: Filed['how'],
  accepted: KeyedNews,
): KeyedNews[] {
  if (how === 'known') return [];
  const { id: requestId, name, workTask: taskId } = filed;
  const { description, requestedBy: agent, urgency, importance, taskId: missedIn, isBlocking, similar } = wanted;
  const news: News = {
    type: 'tool-request.filed',
    taskId,
    requestId,
    name,
    description,
    agent,
    urgency,
    importance,
    ...(missedIn === undefined ? {} : { missedIn }),
    isBlocking,
    similar,
    ...(how === 'joined' ? { joined: true } : {}),
  };
  return how === 'new' ? [accepted, { news }] : [{ news }];
}

async function insert(statements: Statements, request: NewToolRequest['request']): Promise<ToolRequest> {
  const [row] = await statements
    .insert(toolRequests)
    .values({
      ...request,
      requirements: [...request.requirements],
      examples: [...request.examples],
      similar: [...request.similar],
    })
    .returning(requestColumns);
  if (!row) throw new Error('the server returned no row for what it saved');
  return requestOf(row);
}

async function ofCall(
  statements: Statements,
  { taskId }: NewToolRequest['request'],
  callId: string,
): Promise<ToolRequest | undefined> {
  if (taskId === undefined) return undefined;
  const [row] = await statements
    .select(requestColumns)
    .from(toolRequests)
    .innerJoin(toolRequestCalls, eq(toolRequestCalls.requestId, toolRequests.id))
    .where(and(eq(toolRequestCalls.taskId, taskId), eq(toolRequestCalls.callId, callId)));
  return row && requestOf(row);
}

async function openOfName(statements: Statements, name: string): Promise<ToolRequest | undefined> {
  const [row] = await statements
    .select(requestColumns)
    .from(toolRequests)
    .where(and(eq(toolRequests.name, name), isNull(toolRequests.closedAt)));
  return row && requestOf(row);
}
