import { setTimeout as after } from 'node:timers/promises';
import type { AgentRole } from '../../domain/agent.ts';
import type { ConversationId } from '../../domain/identifiers.ts';
import type { Queue } from '../../queue/queue.ts';
import type { ConverseNeeds } from './needs.ts';
import { readMail } from './read-mail.ts';

/** Mail needs a model and nothing of a machine: every worker takes part. */
const lane = 'conversations';
const lookEveryMs = 2000;
const conversationsAtOnce = 4;
const mostSeen = 2000;
const mostQueued = 200;
/** What cannot go on, for example without budget, is taken up so soon again by whoever only looks for mail. */
const haltedForMs = 30_000;

/** Says that an agent has mail. A queue that is away loses nothing: the mail is found again. */
export function wakeThrough(queue: Queue, report: (problem: string) => void): ConverseNeeds['wake'] {
  return async (id, agent) => {
    try {
      await add(queue, id, agent);
    } catch (error) {
      report(`Queueing mail failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
}

function add(queue: Queue, conversationId: ConversationId, agent: AgentRole): Promise<void> {
  return queue.add(lane, `mail-${conversationId}-${agent}`, { kind: 'read-mail', conversationId, agent });
}

/** Reads the mail of all conversations until the signal aborts. Mail that nobody was told of is queued again and again. */
export async function serveMail(
  queue: Queue,
  needs: ConverseNeeds,
  signal: AbortSignal,
  ready: () => void = () => undefined,
): Promise<void> {
  const halted = new Map<ConversationId, number>();
  const stopWorking = await queue.work(lane, conversationsAtOnce, async (job) => {
    if (job.kind !== 'read-mail') return;
    const id = idOf(job.conversationId);
    const end = await readMail(id, needs, signal);
    if (end.kind !== 'quiet' && end.kind !== 'busy') halted.set(id, Date.now() + haltedForMs);
  });
  ready();
  try {
    while (!signal.aborted) {
      try {
        for (const [id, until] of halted) if (until <= Date.now()) halted.delete(id);
        const waiting = await needs.store.conversations.withMail(mostSeen);
        const queued = waiting.filter(({ id }) => !halted.has(id)).slice(0, mostQueued);
        for (const { id, agent } of queued) await add(queue, id, agent);
      } catch (error) {
        needs.report(`Looking for mail failed: ${error instanceof Error ? error.message : String(error)}`);
      }
      await after(lookEveryMs, undefined, { signal }).catch(() => undefined); // Ended early by the signal.
    }
  } finally {
    await stopWorking();
  }
}

function idOf(value: string): ConversationId {
  return value as ConversationId; // The job carries what `add` put there; the row decides whether it exists.
}
