import { costOf, noUsage } from '../../domain/budget.ts';
import type { LeaseHolder } from '../../domain/lease-holder.ts';
import type { BudgetStore } from '../../store/budgets.ts';

/**
 * Books what dead processes had reserved and not settled: what was seen of the answer, and, when even the sending was not
 * written down, what such an input usually comes to. A process that cannot be looked at from here is left alone.
 */
export async function settleLeftOpen(
  budgets: Pick<BudgetStore, 'open' | 'settle'>,
  isAlive: (holder: LeaseHolder) => boolean | undefined,
): Promise<void> {
  for (const { id, holder, price, seen, reservedInputTokens } of await budgets.open()) {
    if (isAlive(holder) !== false) continue;
    const usage = seen ?? { ...noUsage, input: expectedOf(reservedInputTokens) };
    const usd = costOf(usage, price);
    await budgets.settle(id, { usage, usd, estimated: true, status: null, firstByteMs: null, durationMs: 0 });
  }
}

/** What was reserved has room for a token in every byte; text has about four bytes for one. */
function expectedOf(reservedTokens: number): number {
  return Math.ceil(reservedTokens / 4);
}
