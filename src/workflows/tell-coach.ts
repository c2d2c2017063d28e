import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { wordsOfInefficiency } from '../agents/efficiency-words.ts';
import type { AgentRole } from '../domain/agent.ts';
import { type Cycle, scopeOfCycle } from '../domain/cycle.ts';
import type { News } from '../domain/event.ts';
import type { ConversationId, MachineId, SessionId, TaskId } from '../domain/identifiers.ts';
import { type Inefficiency, inefficienciesOf } from '../domain/inefficiency.ts';
import type { Store, TaskSummary } from '../store/store.ts';
import type { RunTaskNeeds } from './run-task/needs.ts';
import { isCounted, performanceSince, withoutEvents } from './run-task/performance-since.ts';
import { acceptanceOf, type CheckedTask } from './submit-task.ts';

const lookEveryMs = 60_000;
const idLength = 8;
/** Of the tasks of a cycle the latest are looked at. */
const mostTasks = 500;

/** The topic on which the process coach is told. */
export const efficiencyTopic = 'efficiency';
const coach: AgentRole = 'process-coach';
/** It answers for what the team may spend; nobody asks a model for what is said here. */
const teller: AgentRole = 'project-manager';

export type TellingNeeds = Pick<RunTaskNeeds, 'expectedEfficiency' | 'now' | 'report'> & {
  readonly store: Store;
  readonly machine: MachineId;
  /** The present one. */
  readonly cycle: () => Cycle;
  /** A folder of ours: nothing is built there. */
  readonly workspace: string;
  /** Who gets messages on the topic, beside the coach. */
  readonly listeners: readonly AgentRole[];
  /** Of a task of the coach. */
  readonly setting: { readonly model: string; readonly roundTimeoutSeconds: number };
};

/** Where the coach is told of an agent in a cycle: the same for every process, so that all of them together tell it once. */
export function tellingOf(
  agent: AgentRole,
  cycle: Cycle,
): { readonly taskId: TaskId; readonly conversationId: ConversationId } {
  const id = createHash('sha256')
    .update(`${efficiencyTopic} ${scopeOfCycle(agent, cycle)} ${cycle.ends.toISOString()}`)
    .digest('hex');
  return {
    taskId: id.slice(0, idLength) as TaskId,
    conversationId: id.slice(idLength, 2 * idLength) as ConversationId,
  };
}

/** Tells the coach of inefficient agents until the signal aborts. Nothing is computed while no task comes to its end. */
export async function watchEfficiency(needs: TellingNeeds, signal: AbortSignal): Promise<void> {
  let seen = '';
  while (!signal.aborted) {
    try {
      const cycle = needs.cycle();
      const finished = await finishedIn(cycle, needs.store);
      const sign = [cycle.number, ...finished.map(({ id }) => id)].join(' ');
      if (sign !== seen) await tell(cycle, finished, needs);
      seen = sign;
    } catch (error) {
      // The database is away; the next look asks again.
      needs.report(`Looking at efficiency failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    await after(lookEveryMs, undefined, { signal }).catch(() => undefined); // Ended early by the signal.
  }
}

/**
 * Tells the process coach of each agent whose efficiency lies below its threshold and that has finished a task in this cycle:
 * once in a cycle, however many processes look and however often. What is said is a task of the coach, a conversation on the topic
 * `efficiency`: it goes on under every limit that holds for one.
 *
 * @returns the agents that were told of now
 */
export async function tellCoach(needs: TellingNeeds): Promise<AgentRole[]> {
  const cycle = needs.cycle();
  return tell(cycle, await finishedIn(cycle, needs.store), needs);
}

async function tell(cycle: Cycle, finished: readonly TaskSummary[], needs: TellingNeeds): Promise<AgentRole[]> {
  const { store, expectedEfficiency, now } = needs;
  const busy = [...new Set(finished.map(({ agent }) => agent))];
  const told = await Promise.all(busy.map((agent) => store.tasks.get(tellingOf(agent, cycle).taskId)));
  const untold = busy.filter((_, index) => told[index] === undefined);
  if (untold.length === 0) return [];
  const performance = await performanceSince(now(), { expectedEfficiency, store: withoutEvents(store) });
  const toldNow: AgentRole[] = [];
  for (const inefficiency of inefficienciesOf(performance, expectedEfficiency)) {
    if (!untold.includes(inefficiency.agent)) continue;
    const task = taskOf(inefficiency, cycle, needs);
    const news = [acceptanceOf(task), newsOf(inefficiency, cycle)];
    // Another process may have told it since.
    if (await store.tasks.createOnce(task, news)) toldNow.push(inefficiency.agent);
  }
  return toldNow;
}

async function finishedIn({ begins }: Cycle, { tasks }: Store): Promise<TaskSummary[]> {
  return (await tasks.list(mostTasks)).filter((task) => isCounted(task, begins));
}

function taskOf(inefficiency: Inefficiency, cycle: Cycle, needs: TellingNeeds): CheckedTask {
  const { taskId, conversationId } = tellingOf(inefficiency.agent, cycle);
  const members = [coach, ...needs.listeners.filter((agent) => agent !== coach)];
  return {
    id: taskId,
    text: wordsOfInefficiency(inefficiency),
    agent: coach,
    origin: 'spiral',
    workspace: needs.workspace,
    machine: needs.machine,
    ...needs.setting,
    sessionId: randomUUID() as SessionId,
    // One reply of each.
    promptLimit: members.length,
    talk: { author: teller, conversationId, topic: efficiencyTopic, members },
  };
}

function newsOf({ agent, efficiency, expected, median, since, figures }: Inefficiency, cycle: Cycle): News {
  const tasks = figures.tasks ?? 0;
  return { type: 'agent.inefficient', ...tellingOf(agent, cycle), agent, efficiency, expected, median, tasks, since };
}
