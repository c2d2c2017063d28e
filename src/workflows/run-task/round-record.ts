import type { News } from '../../domain/event.ts';
import type { SessionId, TaskId } from '../../domain/identifiers.ts';
import { testsInOutput } from '../../domain/test-output.ts';
import type { EngineEvent } from '../../engine/engine.ts';
import type { OutputPiece } from '../../store/store.ts';

type Telling = Exclude<EngineEvent, { readonly kind: 'finished' }>;

type Where = {
  readonly taskId: TaskId;
  readonly sessionId: SessionId;
  readonly round: number;
  readonly resumed: boolean;
};

const lineLimit = 200;
const errorLines = 5;

/** What one event of the engine is recorded as: news for everybody, and the whole text for `tasks show ID --output`. */
export function recordOf(
  event: Telling,
  { taskId, sessionId, round, resumed }: Where,
): { readonly news: readonly News[]; readonly output: readonly Omit<OutputPiece, 'round' | 'key'>[] } {
  switch (event.kind) {
    case 'started':
      return { news: [{ type: 'engine.started', taskId, sessionId, round, resumed }], output: [] };
    case 'said':
      return {
        news: [{ type: 'progress', taskId, text: short(event.line), by: 'model' }],
        output: [{ kind: 'model', title: 'Claude Code', text: event.text }],
      };
    case 'step':
      return { news: [{ type: 'progress', taskId, text: short(event.line), by: 'tool' }], output: [] };
    case 'notice':
      return {
        news: [{ type: 'progress', taskId, text: short(event.line), by: 'engine' }],
        output: [{ kind: 'notice', title: 'Claude Code', text: event.line }],
      };
    case 'command': {
      const { command, exitCode, output } = event;
      const success = exitCode === 0;
      const counts = testsInOutput(command, output);
      const error = output
        .trim()
        .split('\n')
        .slice(0, errorLines)
        .join('\n')
        .slice(0, 5 * lineLimit);
      return {
        news: [
          // Before the command, so that who tells of the command knows what it ran.
          ...(counts ? [{ type: 'tests.ran', taskId, command, ...counts, by: 'agent' } as const] : []),
          { type: 'command.ran', taskId, command, exitCode, success, ...(success || error === '' ? {} : { error }) },
        ],
        output: [{ kind: 'command', title: command, text: output }],
      };
    }
  }
}

function short(line: string): string {
  return line.length <= lineLimit ? line : `${line.slice(0, lineLimit - 1)}…`;
}
