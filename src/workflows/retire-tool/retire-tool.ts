import { randomUUID } from 'node:crypto';
import type { Choice } from '../../domain/question.ts';
import type { Task } from '../../domain/task.ts';
import type { Retiring } from '../../domain/task-state.ts';
import type { Tool } from '../../domain/tool.ts';
import { unusedSince } from '../../domain/tool-idleness.ts';
import type { RunTaskNeeds, StepContext } from '../run-task/needs.ts';

const idLength = 8;
const dayLength = 'YYYY-MM-DD'.length;

const choices: readonly Choice[] = [
  { name: 'retire', meaning: 'offer it to nobody any more', needsText: false },
  {
    name: 'keep',
    meaning: 'keep it, and ask again later',
    needsText: false,
  },
];

/** Notes since when a tool is unused, unless somebody else took it away meanwhile. */
export async function beginRetirement(
  task: Task,
  name: string,
  { store }: RunTaskNeeds,
  { writer }: StepContext,
): Promise<Task> {
  const tool = await store.tools.get(name);
  if (tool?.status !== 'active') return ended(`The tool ${name} is not offered any more.`, store, writer);
  const state: Retiring = { kind: 'retiring', tool: name, unusedSince: unusedSince(tool).toISOString() };
  return ask(task, state, tool, store, writer);
}

/** Does what a person said about a tool that nobody uses. */
export async function retireTool(
  _task: Task,
  { tool, unusedSince: since, decision }: Retiring,
  { store }: RunTaskNeeds,
  { writer }: StepContext,
): Promise<Task> {
  if (decision === 'retire') {
    await store.tools.retire(tool, `nobody used it since ${dayOf(since)}`);
    return ended(`The tool ${tool} is retired.`, store, writer);
  }
  await store.tools.keep(tool);
  return ended(`The tool ${tool} is kept.`, store, writer);
}

type Writer = StepContext['writer'];
type Rows = RunTaskNeeds['store'];

async function ask({ id: taskId }: Task, state: Retiring, tool: Tool, store: Rows, writer: Writer): Promise<Task> {
  const questionId = randomUUID().replaceAll('-', '').slice(0, idLength);
  const kind = 'retirement';
  const text = textOf(state, tool);
  return store.tasks.ask(writer, { id: questionId, taskId, kind, text, choices }, state, [
    { news: { type: 'question.asked', taskId, questionId, kind, text, choices } },
    { news: { type: 'task.waiting', taskId, reason: 'a tool is unused', questionId } },
  ]);
}

function textOf({ tool: name, unusedSince: since }: Retiring, { manifest, calls, failures, lastUsedAt }: Tool): string {
  const used =
    lastUsedAt === undefined
      ? 'It was never called.'
      : `It was called ${times(calls)}, ${failures} of them in vain, last on ${dayOf(lastUsedAt.toISOString())}.`;
  return [
    `Nobody used the tool ${name} since ${dayOf(since)}. Retire it?`,
    used,
    `It is for: ${manifest.description}`,
  ].join('\n');
}

function ended(reason: string, { tasks }: Rows, writer: Writer): Promise<Task> {
  return tasks.advance(writer, { kind: 'ended', ending: { status: 'succeeded', verified: false, reason } }, []);
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function dayOf(moment: string): string {
  return moment.slice(0, dayLength);
}
