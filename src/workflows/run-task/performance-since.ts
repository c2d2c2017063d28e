import type { SpiralEvent } from '../../domain/event.ts';
import type { Performance } from '../../domain/performance.ts';
import { performanceOf, type TaskFacts } from '../../domain/performance-figures.ts';
import type { Store, TaskSummary } from '../../store/store.ts';
import type { RunTaskNeeds } from './needs.ts';
import { eventsOf } from './recorded.ts';

const dayMs = 86_400_000;
/** How far the coach looks back. */
const days = 30;
const mostTasks = 500;

/** The figures of the team from what was recorded of the finished tasks of the last weeks. */
export async function performanceSince(
  now: number,
  { store, expectedEfficiency }: Pick<RunTaskNeeds, 'store' | 'expectedEfficiency'>,
): Promise<Performance> {
  const since = new Date(now - days * dayMs);
  const tasks = (await store.tasks.list(mostTasks)).filter((task) => isCounted(task, since));
  const facts: TaskFacts[] = [];
  for (const { id, agent, promptsUsed, costUsd } of tasks) {
    const outcome = await store.tasks.outcome(id);
    if (!outcome) continue;
    const events = await eventsOf(store, id);
    const waits = waitingMs(events.map(({ type, at }) => ({ type, at: Date.parse(at) })));
    facts.push({
      agent,
      status: outcome.status,
      verified: outcome.verified,
      rounds: agent === 'developer' ? roundsOf(events) : 0,
      prompts: promptsUsed,
      usd: costUsd,
      waitingMs: waits,
      escalations: events.filter((event) => event.type === 'question.asked').length,
    });
  }
  return performanceOf(since, facts, expectedEfficiency);
}

/** Only waiting, questions and rounds are read from the events of a task; efficiency follows from none of them. */
export function withoutEvents(store: Store): Store {
  return { ...store, events: { ...store.events, read: async () => [] } };
}

/** Whether a task ended since then and is work of the team: a demo is none, nor is advice that nobody asked for. */
export function isCounted({ finishedAt, origin }: TaskSummary, since: Date): boolean {
  return finishedAt !== undefined && finishedAt >= since && origin !== 'demo' && origin !== 'spiral';
}

/** Team-mates who were asked spend prompts of a task too. */
function roundsOf(events: readonly SpiralEvent[]): number {
  return events.filter((event) => event.type === 'prompt.spent' && event.agent === 'developer').length;
}

/** From every wait to what ended it. */
function waitingMs(events: readonly { readonly type: string; readonly at: number }[]): number {
  let waiting = 0;
  let since: number | undefined;
  for (const { type, at } of events) {
    if (type === 'task.waiting') since ??= at;
    if ((type === 'task.resumed' || type === 'task.finished') && since !== undefined) {
      waiting += Math.max(0, at - since);
      since = undefined;
    }
  }
  return waiting;
}
