import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SessionId } from '../../src/domain/identifiers.ts';
import type { Engine, EngineEvent, EngineSession, RoundEnding, SessionSetting } from '../../src/engine/engine.ts';

/** What the twin does for one prompt; files are written into the workspace. */
export type ScriptedRound = {
  readonly files?: Readonly<Record<string, string>>;
  /** Waits for the abort, as a model that never answers would. */
  readonly hangs?: boolean;
  readonly ending?: RoundEnding;
};

type Session = { readonly prompts: string[] };

export type ScriptedEngine = Engine & {
  /** What survives the death of whoever drives: the transcripts. Delete one, and its session is lost. */
  readonly sessions: Map<SessionId, Session>;
  /** Processes that would run now; a prepared one counts. */
  readonly live: () => number;
  /** Prompts that were handed over in all sessions, lost ones included. */
  readonly asked: () => number;
};

export const costOfPrompt = 0.01;

/**
 * A twin of the real engine that keeps its contract and nothing else: sessions outlive processes, a session of a taken id
 * is refused, one that is unknown cannot be resumed, and totals are those of the session.
 */
export function scriptedEngine(script: (prompt: string, session: Session) => ScriptedRound): ScriptedEngine {
  const sessions = new Map<SessionId, Session>();
  let live = 0;
  let asked = 0;

  async function* round(
    { begin, sessionId, workspace }: SessionSetting,
    prompt: string,
    signal: AbortSignal,
    over: () => void,
  ): AsyncGenerator<EngineEvent> {
    try {
      yield { kind: 'started' };
      if (signal.aborted) return yield finished({ kind: 'aborted' }, 0);
      const known = sessions.get(sessionId);
      if (begin === 'new' && known) return yield finished({ kind: 'failed', message: 'already in use' }, 0);
      if (begin === 'resume' && !known) return yield finished({ kind: 'session-lost', message: 'none found' }, 0);
      const session = known ?? { prompts: [] };
      sessions.set(sessionId, session);
      session.prompts.push(prompt);
      asked += 1;
      const { files = {}, hangs = false, ending = { kind: 'completed' } } = script(prompt, session);
      yield { kind: 'said', key: `${sessionId}-${asked}`, line: 'Working', text: 'Working' };
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(workspace, path)), { recursive: true });
        writeFileSync(join(workspace, path), content);
      }
      yield { kind: 'command', key: `${sessionId}-${asked}`, command: 'ls', exitCode: 0, output: 'a\0b' };
      if (hangs) await aborted(signal);
      const total = session.prompts.length * costOfPrompt;
      yield finished(signal.aborted ? { kind: 'aborted' } : ending, total);
    } finally {
      over();
    }
  }

  return {
    isMetered: false,
    sessions,
    live: () => live,
    asked: () => asked,
    prepare(setting): EngineSession {
      live += 1;
      let ended = false;
      const over = () => {
        if (!ended) live -= 1;
        ended = true;
      };
      return {
        run: (prompt, signal) => round(setting, prompt, signal, over),
        discard: async () => over(),
      };
    },
  };
}

function finished(ending: RoundEnding, costUsd: number): EngineEvent {
  const session = { costUsd, inputTokens: 0, outputTokens: 0 };
  return { kind: 'finished', ending, turns: 1, durationMs: 1, text: 'done', session };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
