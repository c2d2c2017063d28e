import type { EngineEvent } from '../engine.ts';
import { failed } from './ending.ts';
import { type ClaudeLine, claudeLineSchema } from './lines.ts';
import { type OpenCommands, translate } from './translate.ts';

/**
 * What the messages of a round tell, up to its end.
 *
 * `for await` over the messages is not used: left early it would wait for the SDK to end Claude Code in its own way, which
 * takes seconds, before the caller can end the process tree.
 */
export async function* eventsOf(messages: AsyncIterator<unknown>, workspace: string): AsyncGenerator<EngineEvent> {
  let open: OpenCommands = new Map();
  for (;;) {
    const next = await messages.next();
    if (next.done) return;
    const line = claudeLineSchema.safeParse(next.value);
    if (!line.success) continue;
    const message = refusalOf(line.data);
    if (message !== undefined) {
      yield { ...failed(message), ending: { kind: 'refused-key', message } };
      return;
    }
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
