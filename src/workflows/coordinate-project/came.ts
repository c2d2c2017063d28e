import type { AgentQuestion } from '../../agents/question.ts';
import type { QuestionName } from '../../domain/event.ts';
import type { TaskState } from '../../domain/task-state.ts';
import type { KeyedNews } from '../../store/store.ts';
import type { Asked } from '../run-task/ask-agent.ts';

/** Where a project goes on after an answer, with the news of it. */
export type Moved = {
  readonly kind: 'moved';
  readonly to: TaskState;
  readonly news: readonly KeyedNews[];
};

/** What came of a question of a project; an answer that cannot be used has been dealt with. */
export type Came =
  | Moved
  /** The conversation about the plan waits for a person. */
  | { readonly kind: 'escalated'; readonly questionId: string }
  | Exclude<Asked<never>, { readonly kind: 'answered' | 'unusable' }>;

/** Puts the question of a position to its agent. */
export type Put = <Answer>(name: QuestionName, question: AgentQuestion<Answer>) => Promise<Asked<Answer>>;

export function movedTo(to: TaskState, ...news: readonly KeyedNews[]): Moved {
  return { kind: 'moved', to, news };
}
