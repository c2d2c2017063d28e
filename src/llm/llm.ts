import type { AgentRole } from '../domain/agent.ts';
import type { Shortage } from '../domain/budget.ts';
import type { TaskId } from '../domain/identifiers.ts';
import type { EngineEvent } from '../engine/engine.ts';

/** The shape of an answer, as zod schemas bring it. */
export type AnswerShape<Answer> = {
  /** JSON Schema, for the model. */
  readonly jsonSchema: Readonly<Record<string, unknown>>;
  /** The answer, or what is wrong with it, in words that a model can mend it by. */
  read(value: unknown): { readonly answer: Answer } | { readonly problems: readonly string[] };
};

/** One question to a model, without tools and without Claude Code's own prompt. All texts are for the model. */
export type LlmQuestion<Answer> = {
  /** Whose question it is: for budgets, and for whoever stops the task. */
  readonly taskId: TaskId;
  readonly agent: AgentRole;
  /** The night whose budget it also uses. */
  readonly night?: string;
  /** The project whose budget it also uses. */
  readonly project?: TaskId;
  readonly model: string;
  /** Who it is that answers. */
  readonly instructions: string;
  readonly prompt: string;
  readonly shape: AnswerShape<Answer>;
  /** Told, in one line, of what a person should know while they wait. */
  readonly tell: (notice: string) => void;
};

/** How a question ended. */
export type LlmEnding<Answer> =
  | {
      readonly kind: 'answered';
      readonly answer: Answer;
      /** The first answer could not be used, and was asked for once more. */
      readonly askedAgain: boolean;
      readonly cost: LlmCost;
    }
  /** Asked twice, and neither answer could be used; `text` is the last of them. */
  | { readonly kind: 'unusable'; readonly problems: readonly string[]; readonly text: string; readonly cost: LlmCost }
  /** A limit has no room for it. */
  | { readonly kind: 'out-of-budget'; readonly shortage: Shortage; readonly cost: LlmCost }
  /** The model API wants a pause. */
  | { readonly kind: 'paused'; readonly until: Date; readonly message: string; readonly cost: LlmCost }
  | { readonly kind: 'aborted'; readonly cost: LlmCost }
  | { readonly kind: 'failed'; readonly message: string; readonly cost: LlmCost };

/** What is known of its cost here; when `isMetered`, the ledger of the gateway is what counts. */
export type LlmCost = {
  readonly usd: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly durationMs: number;
};

/** Direct questions with a typed answer. */
export interface Llm {
  /** True when requests are booked as they are made. */
  readonly isMetered: boolean;
  /**
   * Asks, checks the answer, and asks once more with what was wrong. Never rejects. When `signal` aborts everything of it
   * has ended before it resolves.
   */
  ask<Answer>(question: LlmQuestion<Answer>, signal: AbortSignal): Promise<LlmEnding<Answer>>;
}

/** Questions whose answer needs a look at a workspace: a coding agent reads there with tools that can change nothing. */
export interface Reader {
  /** True when requests are booked as they are made. */
  readonly isMetered: boolean;
  /**
   * As `Llm.ask`.
   *
   * @param heard what it does meanwhile, as it comes, its end included; notices go to the question's `tell` instead
   */
  read<Answer>(
    question: LlmQuestion<Answer> & {
      /** Absolute folder, without links. */
      readonly workspace: string;
    },
    signal: AbortSignal,
    heard?: (event: EngineEvent) => void,
  ): Promise<LlmEnding<Answer>>;
}
