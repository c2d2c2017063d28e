import { type GatewayRefusal, sentenceOfRefusal } from '../../gateway/gateway.ts';
import type { Unanswered } from '../ask-twice.ts';

/** How a question ended whose run the gateway ended. */
export function endingOfRefusal(refusal: GatewayRefusal): Unanswered {
  switch (refusal.kind) {
    case 'short':
      return { kind: 'out-of-budget', shortage: refusal.shortage };
    case 'limited':
      return { kind: 'paused', until: refusal.until, message: refusal.message };
    case 'cut':
      return { kind: 'aborted' };
    case 'unpriced':
    case 'refused-key':
    case 'unanswered':
    case 'no-store':
      return { kind: 'failed', message: sentenceOfRefusal(refusal) };
  }
}
