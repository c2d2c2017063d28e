import type { AgentRole } from '../domain/agent.ts';
import type { AnsweredCall, PersonCall } from '../domain/asked-person.ts';
import type { Shortage } from '../domain/budget.ts';
import type { SessionId, TaskId } from '../domain/identifiers.ts';
import type { Decision, Wanted } from '../domain/permission.ts';
import type { ToolWish } from '../domain/tool-request.ts';
import type { ToolAccess } from '../toolbox/toolbox.ts';

/** All that a coding agent must be told before its process can be started. */
export type SessionSetting = {
  readonly sessionId: SessionId;
  /** `resume` goes on in the session of that id; its transcript must be on this machine. */
  readonly begin: 'new' | 'resume';
  /** Absolute folder that it works in. */
  readonly workspace: string;
  readonly model: string;
  /** `work`: everything that coding needs; `read`: only tools that look; `none`: no tools at all. */
  readonly tools: 'work' | 'read' | 'none';
  /** Whether a session that works may ask a person: it then ends with `asks` or `wants-permission`, and goes on with their answer. */
  readonly mayAsk?: boolean;
  /** What it had asked, with the person's words: it goes on with that and needs no prompt. Of `begin: 'resume'` alone. */
  readonly answered?: AnsweredCall;
  /** What a person allowed or refused when sessions of this task wanted it. */
  readonly decided?: readonly Decision[];
  /** Our own tools for this session, served over MCP on loopback; they are allowed without a question. */
  readonly ownTools?: ToolAccess;
  /** The role's own instructions, added to the coding agent's. */
  readonly instructions: string;
  /** Whose run it is: for budgets, for whoever lists process trees, and for whoever stops it. */
  readonly taskId: TaskId;
  readonly agent: AgentRole;
  /** The night whose budget it also uses. */
  readonly night?: string;
  /** The project whose budget it also uses. */
  readonly project?: TaskId;
};

/** How a round ended. Only `completed` means that the coding agent came to its own end. */
export type RoundEnding =
  | { readonly kind: 'completed' }
  | { readonly kind: 'aborted' }
  /** Its process was gone before the round was over; the session can go on. */
  | { readonly kind: 'crashed'; readonly message: string }
  | { readonly kind: 'session-lost'; readonly message: string }
  | { readonly kind: 'refused-key'; readonly message: string }
  /** A limit has no room for the next request; the session can go on when more is granted. */
  | { readonly kind: 'out-of-budget'; readonly shortage: Shortage }
  /** The model API wants a pause; the session can go on after it. */
  | { readonly kind: 'paused'; readonly until: Date; readonly message: string }
  /** It asks a person; the session goes on with their answer. */
  | { readonly kind: 'asks'; readonly call: PersonCall }
  /** It lacks a tool; its session goes on, with the call made again, when the request is closed. */
  | { readonly kind: 'requests-tool'; readonly callId: string; readonly wish: ToolWish }
  /** It wants what only a person can allow; its session goes on with their decision, which its prompt tells. */
  | { readonly kind: 'wants-permission'; readonly wanted: Wanted }
  /** The same step came back with the same result again and again. */
  | { readonly kind: 'stuck'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

/** What a coding agent tells while it works. `key` is unique within the session and the same when it is told again. */
export type EngineEvent =
  /** Comes before the prompt is handed over: asking for the next event does that. */
  | { readonly kind: 'started' }
  /** Words of the model; `line` is the first of them. */
  | { readonly kind: 'said'; readonly key: string; readonly line: string; readonly text: string }
  /** A tool call that began: what it does, in one line. `changes`: it may change something; else it only looks. */
  | { readonly kind: 'step'; readonly key: string; readonly line: string; readonly changes: boolean }
  /** The engine itself has something to tell, for example that the model API is overloaded and it tries again. */
  | { readonly kind: 'notice'; readonly key: string; readonly line: string }
  | {
      readonly kind: 'command';
      readonly key: string;
      readonly command: string;
      /** Null when it was ended by a signal, refused, or never started. */
      readonly exitCode: number | null;
      readonly output: string;
    }
  | {
      readonly kind: 'finished';
      readonly ending: RoundEnding;
      readonly turns: number;
      readonly durationMs: number;
      /** The model's closing words. */
      readonly text: string;
      /** Totals of the whole session so far, not of this round, as the engine counts them. */
      readonly session: { readonly costUsd: number; readonly inputTokens: number; readonly outputTokens: number };
    };

export interface EngineSession {
  /**
   * Asks for one round. Must not reject: whatever goes wrong ends the stream with a `finished` event, so that what it cost
   * is recorded. When `signal` aborts, or when whoever listens stops early, the whole process tree is ended before the
   * stream is. May be called once.
   *
   * Nothing is left of a session whose `started` was not followed by a wish for the next event: whoever records `started`
   * first knows from the record whether the session may exist.
   */
  run(prompt: string, signal: AbortSignal): AsyncIterable<EngineEvent>;
  /** Ends a session that was prepared and is not wanted any more. */
  discard(): Promise<void>;
}

export interface Engine {
  /** True when its requests are booked as they are made; otherwise only what the engine tells of itself is known. */
  readonly isMetered: boolean;
  /** Starts the coding agent's process at once, before anybody knows the prompt: its start-up takes half a second. */
  prepare(setting: SessionSetting): EngineSession;
}
