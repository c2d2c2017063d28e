import type { AgentRole } from './agent.ts';
import type { Price, ScopeLimit, Shortage, Usage } from './budget.ts';
import type { TaskId } from './identifiers.ts';
import type { LeaseHolder } from './lease-holder.ts';

/** Tokens and USD of one request, to be held before it leaves. */
export type RequestWish = {
  /** A UUID, made by the caller: a reservation that is asked for twice is made once. */
  readonly id: string;
  readonly taskId: TaskId;
  readonly agent: AgentRole;
  readonly model: string;
  readonly limits: readonly ScopeLimit[];
  readonly price: Price;
  /** More tokens than the input can possibly have. */
  readonly inputTokens: number;
  /** What the input costs at most, in USD. */
  readonly inputUsd: number;
  /** What the request asks for (`max_tokens`), and the least that is worth sending it. */
  readonly outputTokens: number;
  readonly leastOutputTokens: number;
  /** Whose process holds it: what a dead one held is settled by somebody else. */
  readonly holder: LeaseHolder;
};

export type Reservation =
  /** `outputTokens` is what is affordable, at most what was asked for. */
  | { readonly kind: 'reserved'; readonly outputTokens: number }
  /** `heldByOthers`: other open requests hold so much that it could fit once they are settled. */
  | { readonly kind: 'short'; readonly shortage: Shortage; readonly heldByOthers: boolean };

/** How a request ended. */
export type Settlement = {
  readonly usage: Usage;
  readonly usd: number;
  /** The model API had not counted to the end: what had been seen by then is booked. */
  readonly estimated: boolean;
  /** HTTP status of the answer; null when there was none. */
  readonly status: number | null;
  readonly firstByteMs: number | null;
  readonly durationMs: number;
};

/** An open request of a process, for whoever settles what a dead one left. */
export type OpenRequest = {
  readonly id: string;
  readonly holder: LeaseHolder;
  readonly price: Price;
  /** What had been seen of the answer; undefined when nothing had come. */
  readonly seen?: Usage;
  readonly reservedInputTokens: number;
};
