import type { AgentRole } from './agent.ts';
import type { Shortage } from './budget.ts';
import type { ConversationId, TaskId } from './identifiers.ts';
import type { ToolDecision } from './tool-decision.ts';

/** What a person is asked. `grant`: a limit is reached, and the work goes on when more is given. */
export type QuestionKind =
  | 'grant'
  | 'permission'
  | 'plan'
  | 'question'
  | 'allocation'
  /** What is to become of a request for a tool. */
  | 'tool-request'
  /** Whether a tool that passed the gate is used from now on. */
  | 'adoption'
  /** Whether a tool that nobody uses is still offered. */
  | 'retirement';

/** One of the answers that a question offers. */
export type Choice = {
  readonly name: string;
  /** What it does, in a few words. */
  readonly meaning: string;
  /** It says nothing without words of the person. */
  readonly needsText: boolean;
  /** It may carry words of the person. */
  readonly takesText?: boolean;
};

/** Something that only a human can answer; it waits as long as it takes, and the first answer counts. */
export type Question = {
  /** Eight characters, as the ids of tasks. */
  readonly id: string;
  readonly taskId: TaskId;
  readonly kind: QuestionKind;
  readonly text: string;
  /** Of a `grant` or an `allocation`: which limit is reached. */
  readonly shortage?: Shortage;
  /** Of every kind but `grant`: the answers that are offered; empty when any words are an answer. */
  readonly choices?: readonly Choice[];
  /** Of one that any words answer: words that are at hand for it. */
  readonly suggestions?: readonly string[];
  /** Of one that is asked for a conversation: it is quiet until it is answered; its task may go on meanwhile. */
  readonly conversationId?: ConversationId;
  readonly askedAt: Date;
};

/** An answer to a `grant`: so much more of the measure that ran out, or nothing. */
export type GrantAnswer = { readonly kind: 'granted'; readonly amount: number } | { readonly kind: 'refused' };

/** An answer to any other question: one of the choices, with words where it needs them. */
export type ChosenAnswer = { readonly kind: 'chosen'; readonly choice: string; readonly text?: string };

/** Why a question cannot be answered so; undefined when it can. */
export function problemOfChoice(
  { id, choices }: Pick<Question, 'id' | 'choices'>,
  choice: string,
  text?: string,
): string | undefined {
  if (!choices && text?.trim()) return undefined;
  const found = choices?.find(({ name }) => name === choice);
  if (!found) {
    const offered = choices?.map(({ name }) => name).join(', ') ?? 'a grant';
    return `Question ${id} offers ${offered}, not “${choice}”.`;
  }
  if (found.needsText && (text ?? '').trim() === '') return `“${choice}” needs your words.`;
  return undefined;
}

/** Another answer to an `allocation` than a grant: prompts of another agent, as far as it has them. */
export type MovedAnswer = { readonly kind: 'moved'; readonly from: AgentRole; readonly amount: number };

/** The answer to a `tool-request`. */
export type DecidedAnswer = { readonly kind: 'decided'; readonly decision: ToolDecision };

export type Answer = GrantAnswer | ChosenAnswer | MovedAnswer | DecidedAnswer;

/** Who answered: a person at a terminal, or what they had written down beforehand for the night. */
export type AnsweredBy = 'human' | 'unattended';
