import type { Shortage } from './budget.ts';
import type { TaskId } from './identifiers.ts';

/** What a person is asked. `grant`: a limit is reached, and the work goes on when more is given. */
export type QuestionKind = 'grant' | 'permission' | 'plan' | 'question' | 'allocation';

/** Something that only a human can answer; it waits as long as it takes, and the first answer counts. */
export type Question = {
  /** Eight characters, as the ids of tasks. */
  readonly id: string;
  readonly taskId: TaskId;
  readonly kind: QuestionKind;
  readonly text: string;
  /** Of a `grant`: which limit is reached. */
  readonly shortage?: Shortage;
  readonly askedAt: Date;
};

/** An answer to a `grant`: so much more of the measure that ran out, or nothing. */
export type GrantAnswer = { readonly kind: 'granted'; readonly amount: number } | { readonly kind: 'refused' };

/** Who answered: a person at a terminal, or what they had written down beforehand for the night. */
export type AnsweredBy = 'human' | 'unattended';
