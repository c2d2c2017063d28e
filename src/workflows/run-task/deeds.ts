import { createHash } from 'node:crypto';
import { type Deed, latest, repetitionIn } from '../../domain/repetition.ts';
import type { EngineEvent } from '../../engine/engine.ts';

type Noted = Deed & { readonly key: string };

/** Listens to a round and tells when it only repeats itself. A step that changes a file is never the same as another. */
export function repetitions(): { hear(event: EngineEvent): string | undefined } {
  let deeds: readonly Noted[] = [];
  const note = (deed: Noted): string | undefined => {
    // A command was noted when it began; what counts is how it came back.
    deeds = latest([...deeds.filter(({ key }) => key !== deed.key), deed]);
    return repetitionIn(deeds);
  };
  return {
    hear(event) {
      if (event.kind === 'step') {
        return note({ key: event.key, what: event.line, result: event.changes ? event.key : '' });
      }
      if (event.kind !== 'command') return undefined;
      const result = createHash('sha256').update(`${event.exitCode}\n${event.output}`).digest('hex');
      return note({ key: event.key, what: event.command, result });
    },
  };
}
