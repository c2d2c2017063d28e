import type { AgentRole } from './agent.ts';
import type { AgentAnswer } from './answers/answer.ts';
import type { BudgetScope, Measure } from './budget.ts';
import type { BuiltToolNews } from './built-tool-event.ts';
import type { Complexity } from './complexity.ts';
import type { ConversationNews } from './conversation-event.ts';
import type { Change } from './file-change.ts';
import type { ConversationId, MachineId, SessionId, TaskId, ToolRequestId } from './identifiers.ts';
import type { Insight } from './insights.ts';
import type { DetectedLanguage } from './language.ts';
import type { TaskOutcome } from './outcome.ts';
import type { Permission } from './permission.ts';
import type { ProjectNews } from './project-event.ts';
import type { AnsweredBy, Choice, QuestionKind } from './question.ts';
import type { Strategy } from './strategy.ts';
import type { ToolRequestNews } from './tool-event.ts';

/** What an agent can be asked. */
export type QuestionName =
  | 'analysis-or-plan'
  | 'analysis'
  | 'plan'
  | 'revision'
  | 'phase-review'
  | 'evaluation'
  | 'closing'
  | 'review'
  | 'risks'
  | 'test-cases'
  | 'decision'
  | 'alternatives'
  | 'coaching'
  | 'tool-assessment'
  | 'tool-plan'
  | 'tool-research'
  | 'held-out'
  | 'tool-manual';

/**
 * Where a task came from. `demo` is the rehearsed model: nothing that it reports was thought of by a real one. `spiral`: nobody
 * asked for it; it is how Spiral itself tells the process coach of something.
 */
export type Origin = 'cli' | 'discord' | 'demo' | 'library' | 'spiral';

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
      /** The project that this is an attempt at a phase of. */
      readonly project?: TaskId;
      /** The repository that the workspace is a worktree of, and the branch that the work is kept on. */
      readonly repository?: { readonly path: string; readonly branch: string };
      /** Nobody is awake: questions are answered by what was written down for this night. */
      readonly night?: string;
      /** Of work on a tool: the request that it is for. */
      readonly toolRequest?: ToolRequestId;
      /** It is a conversation of agents, and nothing is built. */
      readonly conversation?: ConversationId;
    }
  /** A person changed what it asks for, before any prompt was spent. */
  | { readonly type: 'task.reworded'; readonly taskId: TaskId; readonly text: string }
  | {
      readonly type: 'task.analysed';
      readonly taskId: TaskId;
      readonly complexity: Complexity;
      readonly strategy: Strategy;
      readonly language: string;
      /** 0..1, of the language; 0 when it is `unknown`. */
      readonly confidence: DetectedLanguage['confidence'];
    }
  /** The work stands still until something outside it changes: an answer, a time, or another task that leaves the workspace. */
  | {
      readonly type: 'task.waiting';
      readonly taskId: TaskId;
      readonly reason: string;
      /** Of the question that it waits for. */
      readonly questionId?: string;
      /** ISO 8601 in UTC: when the work goes on by itself. */
      readonly until?: string;
    }
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
      /** Run before the first round, to know what was red already. */
      readonly baseline?: true;
    }
  /** Tests that ran before and do not any more, or are skipped now; `tests` names the first of them. */
  | {
      readonly type: 'tests.missing';
      readonly taskId: TaskId;
      readonly how: 'disappeared' | 'skipped';
      readonly count: number;
      readonly tests: readonly string[];
    }
  // Agents that answer instead of building
  | {
      readonly type: 'agent.asked';
      readonly taskId: TaskId;
      readonly agent: AgentRole;
      readonly question: QuestionName;
    }
  | {
      readonly type: 'agent.answered';
      readonly taskId: TaskId;
      readonly agent: AgentRole;
      readonly question: QuestionName;
      readonly durationMs: number;
      /** The first answer could not be used. */
      readonly askedAgain: boolean;
      /** Absent when there is an answer. */
      readonly error?: string;
    }
  /** The answer that a task was about, with what can be taken from it. It is the agent's opinion, never checked. */
  | {
      readonly type: 'task.answered';
      readonly taskId: TaskId;
      readonly agent: AgentRole;
      readonly answer: AgentAnswer;
      readonly insights: readonly Insight[];
    }
  | ProjectNews
  | ConversationNews
  | BuiltToolNews
  /**
   * An agent gives less for what it spends than is expected of it, and the process coach is told of it in a conversation; once
   * in a cycle. `taskId` is the task that this conversation is.
   */
  | {
      readonly type: 'agent.inefficient';
      readonly taskId: TaskId;
      readonly conversationId: ConversationId;
      readonly agent: AgentRole;
      readonly efficiency: number;
      /** Its threshold. */
      readonly expected: number;
      /** Of the efficiencies in the team. */
      readonly median: number;
      /** That it finished. */
      readonly tasks: number;
      /** ISO 8601 in UTC: how far the figures look back. */
      readonly since: string;
    }
  // Budgets, and what only a human can answer
  | {
      readonly type: 'budget.exhausted';
      readonly taskId: TaskId;
      readonly agent: AgentRole;
      readonly scope: BudgetScope;
      readonly measure: Measure;
      readonly limit: number;
      readonly spent: number;
    }
  | {
      readonly type: 'budget.granted';
      readonly taskId: TaskId;
      readonly scope: BudgetScope;
      readonly measure: Measure;
      readonly amount: number;
      readonly by: AnsweredBy;
    }
  /** Prompts of a cycle went from one agent to another. */
  | {
      readonly type: 'budget.moved';
      readonly taskId: TaskId;
      readonly from: AgentRole;
      readonly to: AgentRole;
      readonly prompts: number;
      readonly by: AnsweredBy | 'project-manager';
    }
  | {
      readonly type: 'question.asked';
      readonly taskId: TaskId;
      readonly questionId: string;
      readonly kind: QuestionKind;
      readonly text: string;
      /** The answers that are offered. */
      readonly choices?: readonly Choice[];
      /** Of the kind `permission`: what is wanted. */
      readonly permission?: Permission;
    }
  | {
      readonly type: 'question.answered';
      readonly taskId: TaskId;
      readonly questionId: string;
      readonly answer: string;
      readonly by: AnsweredBy;
    }
  | ToolRequestNews;

/** News as it was recorded: `id` rises in the order in which events became visible; `at` is ISO 8601 in UTC. */
export type SpiralEvent = { readonly id: number; readonly at: string } & News;

export type NewsType = News['type'];
