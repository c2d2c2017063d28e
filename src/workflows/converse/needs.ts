import type { Questions } from '../../agents/roster.ts';
import type { Shortage } from '../../domain/budget.ts';
import type { RunTaskNeeds } from '../run-task/needs.ts';

/** What letting agents talk takes from outside. */
export type ConverseNeeds = Pick<
  RunTaskNeeds,
  'store' | 'llm' | 'budget' | 'self' | 'report' | 'conversations' | 'wake'
> & { readonly team: Pick<Questions, 'conversation' | 'creativeInnovator' | 'decisionMaker'> };

/** Why nobody goes on with the mail of a conversation for now. */
export type Halt =
  /** A limit has no room. */
  | { readonly kind: 'short'; readonly shortage: Shortage }
  /** The model API wants a pause. */
  | { readonly kind: 'paused'; readonly until: Date }
  /** We were told to stop, or its task is cancelled or held. */
  | { readonly kind: 'stopped' };
