import type { AgentRole } from '../../domain/agent.ts';
import type { TaskId } from '../../domain/identifiers.ts';
import type { DecisionKind } from '../../domain/typed-decision.ts';

/** What a button, a menu or a dialog wants: it travels as its `custom_id`, at most 100 characters. Never trusted: who may do it, and whether the question is open, is looked up when it comes back. */
export type Intention =
  /** One of the choices of a question, or of the words that are at hand for it; `choice` is its position among them. */
  | { readonly kind: 'answer'; readonly questionId: string; readonly choice: number }
  /** Any words, of a question without choices. */
  | { readonly kind: 'say'; readonly questionId: string }
  | { readonly kind: 'grant'; readonly questionId: string; readonly amount: number | 'custom' }
  | { readonly kind: 'refuse-grant'; readonly questionId: string }
  /** About a request for a tool. */
  | { readonly kind: 'decide'; readonly questionId: string; readonly decision: DecisionKind }
  | { readonly kind: 'stop'; readonly taskId: TaskId | 'all' }
  | { readonly kind: 'move'; readonly questionId: string; readonly from: AgentRole };

/** The reactions of the specification, which do the same as the buttons. */
export const decisionSigns: Readonly<Record<DecisionKind, string>> = {
  approve: '✅',
  alternative: '🔄',
  defer: '⏳',
  reject: '❌',
};
