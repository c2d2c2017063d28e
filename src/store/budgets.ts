import type { AgentRole } from '../domain/agent.ts';
import type { Amounts, BudgetScope, CostLine, Measure, ScopeLimit, Usage } from '../domain/budget.ts';
import type { TaskId } from '../domain/identifiers.ts';
import type { AnsweredBy } from '../domain/question.ts';
import type { OpenRequest, RequestWish, Reservation, Settlement } from '../domain/reservation.ts';

/** Prompts that go from one agent to another. */
export type PromptMove = {
  readonly from: CycleShare;
  readonly to: CycleShare;
  readonly prompts: number;
  /** Bounds all moves that count for it. */
  readonly within?: ScopeLimit;
};

/** What one agent may use in a cycle. */
export type CycleShare = { readonly agent: AgentRole; readonly limit: ScopeLimit };

export interface BudgetStore {
  /** Holds room for one request in every scope, all or none, in one statement. */
  reserve(wish: RequestWish): Promise<Reservation>;
  /** Writes down what has been seen of an answer so far. */
  saw(requestId: string, usage: Usage): Promise<void>;
  /** Puts the real use in the place of what was held; false when that was done before. */
  settle(requestId: string, settlement: Settlement): Promise<boolean>;
  /** Every request that is held and not settled. */
  open(): Promise<OpenRequest[]>;
  /** What was booked for a task so far. */
  bookedFor(
    taskId: TaskId,
  ): Promise<{ readonly usd: number; readonly inputTokens: number; readonly outputTokens: number }>;
  /** Where a scope stands. */
  standing(
    scope: BudgetScope,
  ): Promise<{ readonly granted: Amounts; readonly spent: Amounts; readonly reserved: Amounts }>;
  /** Gives more without a question, for example beforehand. The prompts of a task raise its `promptLimit`. */
  grant(taskId: TaskId, scope: BudgetScope, measure: Measure, amount: number, by: AnsweredBy): Promise<void>;
  /** Moves prompts of a cycle from one agent to another, all or none; false when there are not so many to spare. */
  move(taskId: TaskId, move: PromptMove, by: AnsweredBy | 'project-manager'): Promise<boolean>;
  /** By agent, task or day, dearest first (days newest first). */
  costs(by: 'agent' | 'task' | 'day', since?: Date): Promise<CostLine[]>;
}
