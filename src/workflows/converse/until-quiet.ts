import { setTimeout as after } from 'node:timers/promises';
import type { ConversationId, TaskId } from '../../domain/identifiers.ts';
import type { ConverseNeeds, Halt } from './needs.ts';
import { readMail } from './read-mail.ts';

export type Quiet =
  /** Nobody has anything to say. */
  | { readonly kind: 'quiet' }
  | { readonly kind: 'escalated'; readonly questionId: string }
  | { readonly kind: 'closed' }
  | Halt;

const leastPauseMs = 50;
/** Whoever reads the mail may die, or give it back, and nobody tells of that. */
const mostPauseMs = 2_000;

/** Lets agents talk until nobody has anything to say, also where another process reads the mail. */
export async function untilQuiet(id: ConversationId, needs: ConverseNeeds, signal: AbortSignal): Promise<Quiet> {
  const { conversations, events } = needs.store;
  for (;;) {
    // Before the mail is looked at: what is told after that ends the pause below.
    const heard = await events.last();
    const end = await readMail(id, needs, signal);
    if (end.kind !== 'quiet' && end.kind !== 'busy') return end;
    if (signal.aborted) return { kind: 'stopped' };
    // Before the state: who reads meanwhile may bring it before a person, and then nothing waits.
    const next = await conversations.nextAt(id);
    const conversation = await conversations.get(id);
    if (!conversation || conversation.state.kind === 'closed') return { kind: 'closed' };
    if (conversation.state.kind === 'escalated') {
      return { kind: 'escalated', questionId: conversation.state.questionId };
    }
    // Mail that somebody reads at this moment is put off, so that there is a next one.
    if (!next) return { kind: 'quiet' };
    const pause = end.kind === 'quiet' ? next.getTime() - Date.now() : mostPauseMs;
    await newsOf(conversation.taskId, heard, Math.min(mostPauseMs, Math.max(leastPauseMs, pause)), needs, signal);
  }
}

/** Resolves when something is told of a task after a position, when the time is over, and when the signal aborts. */
async function newsOf(
  taskId: TaskId,
  heard: number,
  longestMs: number,
  { store }: ConverseNeeds,
  signal: AbortSignal,
): Promise<void> {
  const enough = new AbortController();
  const either = AbortSignal.any([signal, enough.signal]);
  const news = store.events.watch({ after: heard, taskId }, either)[Symbol.asyncIterator]();
  const time = after(longestMs, undefined, { signal: either });
  try {
    await Promise.race([news.next(), time.catch(() => undefined)]); // Ended early by the signal.
  } finally {
    enough.abort();
    await news.return?.();
  }
}
