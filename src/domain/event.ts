import type { AgentRole } from './agent.ts';
import type { Complexity } from './complexity.ts';
import type { Change } from './file-change.ts';
import type { MachineId, SessionId, TaskId } from './identifiers.ts';
import type { DetectedLanguage } from './language.ts';
import type { TaskOutcome } from './outcome.ts';
import type { Strategy } from './strategy.ts';

/** Where a task came from. `demo` is the rehearsed model: nothing that it reports was thought of by a real one. */
export type Origin = 'cli' | 'demo' | 'library';

/**
 * Everything that happens, in one union: the terminal, outside scripts and every later surface read these and nothing
 * else. The names and fields are a contract: add to them, never rename.
 */
export type News =
  // A task from its acceptance to its end
  | {
      readonly type: 'task.accepted';
      readonly taskId: TaskId;
      readonly text: string;
      readonly agent: AgentRole;
      readonly origin: Origin;
      /** Absolute, after symlinks. */
      readonly workspace: string;
      readonly machine: MachineId;
      readonly model: string;
      readonly promptLimit: number;
      /** The task whose session and workspace this one continues. */
      readonly continues?: TaskId;
    }
  | {
      readonly type: 'task.analysed';
      readonly taskId: TaskId;
      readonly complexity: Complexity;
      readonly strategy: Strategy;
      readonly language: string;
      /** 0..1, of the language; 0 when it is `unknown`. */
      readonly confidence: DetectedLanguage['confidence'];
    }
  /** The work stands still until something outside it changes, for example until another task leaves the workspace. */
  | { readonly type: 'task.waiting'; readonly taskId: TaskId; readonly reason: string }
  | { readonly type: 'task.resumed'; readonly taskId: TaskId; readonly reason: string }
  | { readonly type: 'task.finished'; readonly taskId: TaskId; readonly outcome: TaskOutcome }
  // One round: a prompt, Claude Code's work, and our check of it
  | {
      readonly type: 'prompt.spent';
      readonly taskId: TaskId;
      readonly agent: AgentRole;
      readonly round: number;
      readonly used: number;
      readonly limit: number;
    }
  | {
      readonly type: 'engine.started';
      readonly taskId: TaskId;
      readonly sessionId: SessionId;
      readonly round: number;
      /** True when an interrupted round goes on in the session that it began in. */
      readonly resumed: boolean;
    }
  | {
      readonly type: 'engine.finished';
      readonly taskId: TaskId;
      readonly sessionId: SessionId;
      readonly round: number;
      readonly turns: number;
      /** Of this attempt at the round alone, as the engine reports it (an estimate, not a bill). */
      readonly costUsd: number;
      readonly inputTokens: number;
      readonly outputTokens: number;
      readonly durationMs: number;
      /** Absent when the round came to its own end. */
      readonly error?: string;
    }
  /** `by` says whose words they are: what the model says is a claim, a tool call or an engine notice was observed. */
  | {
      readonly type: 'progress';
      readonly taskId: TaskId;
      readonly text: string;
      readonly by: 'model' | 'tool' | 'engine' | 'spiral';
    }
  | { readonly type: 'file.changed'; readonly taskId: TaskId; readonly path: string; readonly change: Change }
  | {
      readonly type: 'command.ran';
      readonly taskId: TaskId;
      readonly command: string;
      /** Null when it was ended by a signal or never started. */
      readonly exitCode: number | null;
      readonly success: boolean;
      /** First lines of what a failed command printed; the whole is in the task's output. */
      readonly error?: string;
    }
  | {
      readonly type: 'tests.ran';
      readonly taskId: TaskId;
      readonly command: string;
      readonly passed: number;
      readonly failed: number;
      readonly skipped: number;
      /** `spiral` is our own run after the round; `agent` is what was read from a command of Claude Code's. */
      readonly by: 'agent' | 'spiral';
      /** Only of our own runs. */
      readonly exitCode?: number | null;
    };

/** News as it was recorded: `id` rises in the order in which events became visible; `at` is ISO 8601 in UTC. */
export type SpiralEvent = { readonly id: number; readonly at: string } & News;

export type NewsType = News['type'];
