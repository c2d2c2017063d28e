import type { EngineEvent } from '../engine.ts';
import { failed } from './ending.ts';
import { type ClaudeLine, claudeLineSchema } from './lines.ts';
import type { Notices } from './notices.ts';
import { type OpenCalls, translate } from './translate.ts';

/**
 * What the messages of a round tell, and the notices that come meanwhile, up to its end. What Claude Code makes of a
 * refusal of ours is left out: it takes it for one of the model API, and the end of the round tells the reason.
 *
 * `for await` over the messages is not used: left early it would wait for the SDK to end Claude Code in its own way, which
 * takes seconds, before the caller can end the process tree.
 */
export async function* eventsOf(
  messages: AsyncIterator<unknown>,
  workspace: string,
  notices: Notices,
  isRefused: () => boolean,
): AsyncGenerator<EngineEvent> {
  let open: OpenCalls = new Map();
  let coming = messages.next();
  for (;;) {
    const next = await Promise.race([coming, notices.heard()]);
    for (const { number, line } of notices.take())
      yield { kind: 'notice', key: `gateway-${number}-${Date.now()}`, line };
    if (next === 'heard') continue;
    if (next.done) return;
    coming = messages.next();
    coming.catch(() => undefined); // Awaited in the next turn, unless this is the last message.
    const line = claudeLineSchema.safeParse(next.value);
    if (!line.success) continue;
    const message = refusalOf(line.data);
    if (message !== undefined) {
      yield { ...failed(message), ending: { kind: 'refused-key', message } };
      return;
    }
    if (line.data.type === 'assistant' && line.data.error && isRefused()) continue;
    const translated = translate(line.data, open, workspace);
    open = translated.open;
    yield* translated.events;
    // After a result that tells of an error the messages end in an error as well; the result is what counts.
    if (line.data.type === 'result') return;
  }
}

/** Claude Code would try a refused key ten times over, for minutes. */
function refusalOf(line: ClaudeLine): string | undefined {
  const isRefusal = line.type === 'system' && line.subtype === 'api_retry' && line.error === 'authentication_failed';
  return isRefusal ? `the model API refused the key (${line.error_status ?? 401})` : undefined;
}
