import type { ConversationId } from '../../domain/identifiers.ts';
import { handleMail } from './handle-mail.ts';
import type { ConverseNeeds, Halt } from './needs.ts';

export type MailRead =
  /** There is no mail that may be handled now. */
  | { readonly kind: 'quiet' }
  /** Somebody else reads it. */
  | { readonly kind: 'busy' }
  | Halt;

/** Mail that is due so soon is due: clocks differ. */
const soonMs = 50;

/** Handles all mail of a conversation in its order, whoever's it is, as the only one who does. */
export async function readMail(id: ConversationId, needs: ConverseNeeds, signal: AbortSignal): Promise<MailRead> {
  const { conversations } = needs.store;
  for (;;) {
    const claim = await conversations.claim(id);
    if (!claim) return { kind: 'busy' };
    let end: { readonly kind: 'quiet' } | Halt;
    try {
      end = await readAll(id, needs, signal);
    } finally {
      await claim.release();
    }
    if (end.kind !== 'quiet') return end;
    // Whoever sent something before we let go found us at it, and left it to us.
    const next = await conversations.nextAt(id);
    if (!next || next.getTime() > Date.now() + soonMs) return end;
  }
}

async function readAll(
  id: ConversationId,
  needs: ConverseNeeds,
  signal: AbortSignal,
): Promise<{ readonly kind: 'quiet' } | Halt> {
  for (;;) {
    if (signal.aborted) return { kind: 'stopped' };
    const mail = await needs.store.conversations.take(id, needs.conversations.attempts);
    if (!mail) return { kind: 'quiet' };
    const end = await handleMail(id, mail, needs, signal);
    if (end.kind !== 'handled') return end;
  }
}
