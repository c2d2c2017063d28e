import { randomUUID } from 'node:crypto';
import { noUsage, type Shortage } from '../../domain/budget.ts';
import type { News } from '../../domain/event.ts';
import type { Task } from '../../domain/task.ts';
import type { RunTaskNeeds } from './needs.ts';

/** What the engine tells of itself. */
type Told = Pick<
  News & { readonly type: 'engine.finished' },
  'costUsd' | 'inputTokens' | 'outputTokens' | 'durationMs'
>;

/** As good as nothing, so that it fits wherever anything is left at all. */
const trifleUsd = 1e-6;
const free = { input: 0, output: 0, cacheWrite: 0, longCacheWrite: 0, cacheRead: 0 };

/**
 * Keeps the budget of a round whose requests nobody but the engine sees: it is asked for only where something is left, and
 * afterwards what the engine tells of itself is booked.
 */
export async function holdRound(
  task: Task,
  { store, budget, self }: Pick<RunTaskNeeds, 'store' | 'budget' | 'self'>,
): Promise<
  { readonly kind: 'short'; readonly shortage: Shortage } | { readonly kind: 'held'; book(told: Told): Promise<void> }
> {
  const id = randomUUID();
  const reservation = await store.budgets.reserve({
    id,
    taskId: task.id,
    agent: task.agent,
    model: task.model,
    limits: budget.limitsOf(task),
    price: free,
    inputTokens: 1,
    inputUsd: trifleUsd,
    outputTokens: 0,
    leastOutputTokens: 0,
    holder: self,
  });
  if (reservation.kind === 'short') return { kind: 'short', shortage: reservation.shortage };
  return {
    kind: 'held',
    async book({ costUsd, inputTokens, outputTokens, durationMs }) {
      await store.budgets.settle(id, {
        usage: { ...noUsage, input: inputTokens, output: outputTokens },
        usd: costUsd,
        estimated: true,
        status: null,
        firstByteMs: null,
        durationMs,
      });
    },
  };
}
