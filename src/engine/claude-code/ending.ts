import { personCallSchema } from '../../domain/asked-person.ts';
import { toolWish } from '../../domain/tool-request.ts';
import { type GatewayRefusal, sentenceOfRefusal } from '../../gateway/gateway.ts';
import type { EngineEvent, RoundEnding } from '../engine.ts';
import type { Exchange } from './exchange.ts';
import { requestingTool } from './guard.ts';
import type { ResultLine } from './lines.ts';

/**
 * How a round ended, from its result message. `subtype: 'success'` alone means nothing: an API that failed to the end is
 * reported with it too.
 */
export function endingOf(line: ResultLine): RoundEnding {
  if (line.terminal_reason?.startsWith('aborted')) return { kind: 'aborted' };
  if (line.deferred_tool_use) return endingOfQuestion(line.deferred_tool_use);
  if (!line.is_error && line.subtype === 'success') return { kind: 'completed' };
  const message = messageOf(line);
  if (/no conversation found/i.test(message)) return { kind: 'session-lost', message };
  if (line.api_error_status === 401 || line.api_error_status === 403) {
    return { kind: 'refused-key', message: `the model API refused the key (${line.api_error_status})` };
  }
  return { kind: 'failed', message: explained(line, message) };
}

/** A call that waits for a person. */
function endingOfQuestion({ id, name, input }: NonNullable<ResultLine['deferred_tool_use']>): RoundEnding {
  if (name === requestingTool) {
    const wish = toolWish.safeParse(input);
    return wish.success
      ? { kind: 'requests-tool', callId: id, wish: wish.data }
      : { kind: 'failed', message: 'Claude Code asked for a tool in a way that cannot be understood' };
  }
  const call = personCallSchema.safeParse({ ...Object(input), id });
  if (call.success) return { kind: 'asks', call: call.data };
  return { kind: 'failed', message: 'Claude Code asked a person something that cannot be understood' };
}

/** How a round ended that the gateway ended. */
export function endingOfRefusal(refusal: GatewayRefusal): RoundEnding {
  switch (refusal.kind) {
    case 'short':
      return { kind: 'out-of-budget', shortage: refusal.shortage };
    case 'limited':
      return { kind: 'paused', until: refusal.until, message: refusal.message };
    case 'refused-key':
      return { kind: 'refused-key', message: sentenceOfRefusal(refusal) };
    case 'unpriced':
    case 'unanswered':
    case 'no-store':
      return { kind: 'failed', message: sentenceOfRefusal(refusal) };
    case 'cut':
      return { kind: 'aborted' };
  }
}

/**
 * How a round ended, with what it exchanged with people.
 *
 * @param isAnswered whether it was to go on with an answer
 */
export function endingWith(exchange: Exchange, isAnswered: boolean, ending: RoundEnding): RoundEnding {
  const wanted = exchange.wanted();
  // Interrupted for a person, it may have ended in each of these ways, and its session can go on.
  const isCutShort = ['aborted', 'completed', 'crashed', 'failed'].includes(ending.kind);
  const own: RoundEnding = wanted && isCutShort ? { kind: 'wants-permission', wanted } : ending;
  const goesOn = ['completed', 'asks', 'wants-permission', 'requests-tool'].includes(own.kind);
  // Claude Code can lose a call that waits. Told as a crash, the session is asked again, and told the words in its prompt.
  if (isAnswered && goesOn && !exchange.isHandedOver()) {
    return { kind: 'crashed', message: 'the words of the person did not reach the call that asked' };
  }
  return own;
}

function messageOf(line: ResultLine): string {
  const text = line.result || line.errors?.join('; ') || line.subtype.replaceAll('_', ' ');
  return text.trim().split('\n')[0]?.slice(0, 300) ?? '';
}

function explained(line: ResultLine, message: string): string {
  if (/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|ETIMEDOUT|unable to connect|connection error/i.test(message)) {
    return `the model API cannot be reached: ${message}`;
  }
  return line.api_error_status ? `the model API answered ${line.api_error_status}: ${message}` : message;
}

/** The end of a round that told nothing of itself. */
export function failed(message: string): EngineEvent & { readonly kind: 'finished' } {
  return endedBy({ kind: 'failed', message });
}

/** The same for one whose process was gone all at once. */
export function crashed(message: string): EngineEvent & { readonly kind: 'finished' } {
  return endedBy({ kind: 'crashed', message });
}

function endedBy(ending: RoundEnding): EngineEvent & { readonly kind: 'finished' } {
  return {
    kind: 'finished',
    ending,
    turns: 0,
    durationMs: 0,
    text: '',
    session: { costUsd: 0, inputTokens: 0, outputTokens: 0 },
  };
}
