import type { AgentRole } from './agent.ts';
import type { ConversationId, TaskId } from './identifiers.ts';
import type { Speaker } from './message.ts';

/** How many messages there may be. What people say counts for nobody; they decide. */
export type Allowance = {
  /** Of each agent, its own turns included. */
  readonly each: number;
  /** Of agents that have a limit of their own, in the place of `each`. */
  readonly own?: Readonly<Partial<Record<AgentRole, number>>>;
  /** Of all agents together. */
  readonly all: number;
};

export type ConversationState =
  | { readonly kind: 'open' }
  /** A person was asked; nobody says anything until they have answered. */
  | { readonly kind: 'escalated'; readonly questionId: string }
  | { readonly kind: 'closed'; readonly reason: string };

/** What is still known of older messages; the younger ones are told as they are. */
export type Memory = {
  readonly summary: string;
  /** The number of the last message that the summary holds; 0 when it holds none. */
  readonly upTo: number;
};

/** Agents that talk about one thing, with each other and with people. */
export type Conversation = {
  readonly id: ConversationId;
  /** The task whose work it belongs to: whoever pays for it, and whose end is its end. */
  readonly taskId: TaskId;
  readonly topic: string;
  /** Whoever gets every message. */
  readonly members: readonly AgentRole[];
  readonly allowance: Allowance;
  readonly state: ConversationState;
  /** Agents for whose sake it was escalated because they had used their messages: each at most once. */
  readonly silenced: readonly AgentRole[];
  readonly memory: Memory;
  readonly createdAt: Date;
};

/** How many messages each speaker has sent. */
export type Counts = Readonly<Partial<Record<Speaker, number>>>;
