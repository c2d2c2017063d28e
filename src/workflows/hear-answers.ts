import { setTimeout as after } from 'node:timers/promises';
import type { Store } from '../store/store.ts';
import type { Nudge } from './nudge.ts';

const againAfterMs = 5000;

/**
 * Rings when a person has answered, in whichever process, so that what waited goes on at once and not with the next look. Until
 * the signal aborts; while it cannot hear, only that time is lost.
 */
export async function hearAnswers(
  {
    store,
    nudge,
    report,
  }: { readonly store: Store; readonly nudge: Nudge; readonly report: (problem: string) => void },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const last = await store.events.last();
      nudge.ring(); // For what was answered while nobody heard it.
      for await (const { type } of store.events.watch({ after: last }, signal)) {
        if (type === 'question.answered' || type === 'task.resumed') nudge.ring();
      }
    } catch (error) {
      report(`Answers are heard later: ${error instanceof Error ? error.message : String(error)}`);
      await after(againAfterMs, undefined, { signal }).catch(() => undefined); // Seen above.
    }
  }
}
