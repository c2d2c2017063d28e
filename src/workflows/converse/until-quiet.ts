import { setTimeout as after } from 'node:timers/promises';
import type { ConversationId } from '../../domain/identifiers.ts';
import type { ConverseNeeds, Halt } from './needs.ts';
import { readMail } from './read-mail.ts';

export type Quiet =
  /** Nobody has anything to say. */
  | { readonly kind: 'quiet' }
  | { readonly kind: 'escalated'; readonly questionId: string }
  | { readonly kind: 'closed' }
  | Halt;

const leastPauseMs = 50;
/** Mail of others, and mail that is tried again, is looked for so often. */
const mostPauseMs = 500;

/** Lets agents talk until nobody has anything to say, also where another process reads the mail. */
export async function untilQuiet(id: ConversationId, needs: ConverseNeeds, signal: AbortSignal): Promise<Quiet> {
  const { conversations } = needs.store;
  for (;;) {
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
    if (end.kind === 'quiet' && !next) return { kind: 'quiet' };
    const pause = end.kind === 'quiet' && next ? next.getTime() - Date.now() : mostPauseMs;
    await after(Math.min(mostPauseMs, Math.max(leastPauseMs, pause)), undefined, { signal }).catch(() => undefined);
  }
}
