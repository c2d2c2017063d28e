import { setTimeout as pause } from 'node:timers/promises';
import { noUsage, type Usage } from '../../domain/budget.ts';
import type { RequestWish, Reservation, Settlement } from '../../domain/reservation.ts';
import type { BudgetStore } from '../../store/budgets.ts';
import { storeNotice } from './notices.ts';
import type { OpenRun } from './open-run.ts';
import { backoffMs, type Timing, waitFor } from './timing.ts';

export type Reserved =
  | { readonly kind: 'reserved'; readonly outputTokens: number }
  | (Reservation & { readonly kind: 'short' })
  | { readonly kind: 'no-store'; readonly message: string }
  /** The client has gone meanwhile. Nothing is held. */
  | { readonly kind: 'gone' };

export type BookingSetting = {
  readonly budgets: () => Promise<BudgetStore>;
  readonly timing: Timing;
  readonly onProblem: (problem: string) => void;
};

/** Reserves and settles, also while the store is away for a moment. Nothing here rejects. */
export type Bookings = {
  /** Waits while others hold what is missing, and while the store does not answer. */
  reserve(wish: RequestWish, run: OpenRun, signal: AbortSignal): Promise<Reserved>;
  saw(requestId: string, usage: Usage): Promise<void>;
  /** Resolves when it is booked, or when the bookings were closed before the store came back. */
  settle(requestId: string, settlement: Settlement): Promise<void>;
  /** From now on nobody tries again. What is not booked then is settled by the next process, from what was seen. */
  close(): void;
};

const nothingUsed: Settlement = {
  usage: noUsage,
  usd: 0,
  estimated: false,
  status: null,
  firstByteMs: null,
  durationMs: 0,
};

export function openBookings({ budgets, timing, onProblem }: BookingSetting): Bookings {
  const closed = new AbortController();

  async function settle(requestId: string, settlement: Settlement, tell = onProblem): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await (await budgets()).settle(requestId, settlement);
        return;
      } catch (error) {
        if (attempt === 1) tell(`a model request could not be booked, trying again: ${messageOf(error)}`);
        if (closed.signal.aborted) {
          tell(`a model request was not booked; the next start books what was seen of it: ${messageOf(error)}`);
          return;
        }
      }
      await waitFor(backoffMs(attempt, timing), closed.signal);
    }
  }

  /** A store that failed may have reserved all the same: what was not sent must not be held for ever. */
  function release(requestId: string): void {
    void settle(requestId, nothingUsed, () => undefined);
  }

  return {
    async reserve(wish, run, signal) {
      const begun = performance.now();
      const waited = () => performance.now() - begun;
      let hasFailed = false;
      for (let attempt = 1; !signal.aborted; attempt += 1) {
        let reservation: Reservation;
        try {
          reservation = await (await budgets()).reserve(wish);
        } catch (error) {
          if (waited() > timing.storeWaitMs) {
            release(wish.id);
            return { kind: 'no-store', message: messageOf(error) };
          }
          if (!hasFailed) run.tell(storeNotice);
          hasFailed = true;
          await waitFor(backoffMs(attempt, timing), signal);
          continue;
        }
        if (reservation.kind === 'reserved') return reservation;
        if (!reservation.heldByOthers || waited() > timing.budgetWaitMs) return reservation;
        await waitFor(Math.min(backoffMs(attempt, timing), timing.lookEveryMs), signal);
      }
      if (hasFailed) release(wish.id);
      return { kind: 'gone' };
    },
    async saw(requestId, usage) {
      try {
        await (await budgets()).saw(requestId, usage);
      } catch {
        // The booking at the end tells of a store that is away; this was only in case there is no end.
      }
    },
    settle: (requestId, settlement) => settle(requestId, settlement),
    close: () => closed.abort(),
  };
}

/** Waits for what must end, but not longer. */
export async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  const late = pause(milliseconds, undefined, { signal: timer.signal }).catch(() => undefined); // The work was done first.
  await Promise.race([work, late]);
  timer.abort();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
