import { setTimeout as after } from 'node:timers/promises';
import type { TaskId } from '../../domain/identifiers.ts';
import type { HeldLease, Lease, Writer } from '../../store/store.ts';
import { claim, isDriving, isOurs } from './claims.ts';
import type { RunTaskNeeds } from './needs.ts';
import { eventsOf } from './recorded.ts';

/** A lease outlives several missed renewals, and a dead holder on another machine is taken over after this time. */
export const leaseSeconds = 15;

const askAgainMs = 500;

type Leased = Lease & { readonly kind: 'leased' } & {
  /** Lets other drives of this process have the task; call it when this one is over. */
  readonly giveUp: () => void;
};

/**
 * Takes the lease of a task; a holder that is dead loses it at once. While a living one has it (another process, or
 * another drive of this one): waits, or, when `whenBusy` is `leave`, gives up.
 */
export async function takeLease(
  id: TaskId,
  needs: RunTaskNeeds,
  whenBusy: 'wait' | 'leave',
  signal: AbortSignal,
): Promise<Leased | 'finished' | 'left'> {
  while (!signal.aborted) {
    const claimed = claim(id);
    if (claimed) {
      const lease = await tryLease(id, needs, claimed);
      if (lease === 'again') continue;
      if (lease !== 'held') return lease;
    }
    if (whenBusy === 'leave') return 'left';
    await pause(signal);
  }
  return 'left';
}

async function tryLease(
  id: TaskId,
  needs: RunTaskNeeds,
  { giveUp }: { giveUp(): void },
): Promise<Leased | 'finished' | 'held' | 'again'> {
  let leased = false;
  try {
    const lease = await needs.store.tasks.lease(id, needs.self, leaseSeconds);
    leased = lease.kind === 'leased';
    if (lease.kind === 'leased') return { ...lease, giveUp };
    if (lease.kind === 'finished') return 'finished';
    // We have the claim: a lease of ours is one that an earlier drive could not give back.
    if (!isOurs(lease.lease, needs)) return (await breakDead(lease.lease, needs)) ? 'again' : 'held';
    await release(lease.lease, needs);
    return 'again';
  } finally {
    if (!leased) giveUp();
  }
}

/**
 * Takes the workspace of a leased task. While another task works there it says so, once for each such task, and waits or,
 * when `whenBusy` is `leave`, gives up.
 *
 * @param beforeWaiting called before a wait begins: what was prepared would only hold memory
 * @returns false when it gave up or `signal` aborted first
 */
export async function occupyWorkspace(
  writer: Writer,
  needs: RunTaskNeeds,
  whenBusy: 'wait' | 'leave',
  signal: AbortSignal,
  beforeWaiting: () => Promise<void>,
): Promise<boolean> {
  const { taskId, attempt } = writer;
  const { tasks } = needs.store;
  while (!signal.aborted) {
    const occupation = await tasks.occupy(writer);
    if (occupation.kind === 'occupied') {
      const reason = 'the workspace is free';
      if (await isToldToWait(taskId, needs)) {
        await tasks.append(writer, [{ key: `resumed-${attempt}`, news: { type: 'task.resumed', taskId, reason } }]);
      }
      return true;
    }
    if (await breakDead(occupation.lease, needs)) continue;
    const other = occupation.lease.taskId;
    const reason = `task ${other} is working in ${occupation.workspace}`;
    await tasks.append(writer, [{ key: `waiting-for-${other}`, news: { type: 'task.waiting', taskId, reason } }]);
    if (whenBusy === 'leave') return false;
    await beforeWaiting();
    await pause(signal);
  }
  return false;
}

async function isToldToWait(taskId: TaskId, { store }: RunTaskNeeds): Promise<boolean> {
  const events = await eventsOf(store, taskId);
  const last = events.findLast((event) => event.type === 'task.waiting' || event.type === 'task.resumed');
  return last?.type === 'task.waiting';
}

/** A holder that we can look at counts by whether it runs; one that we cannot, by the time of its lease. */
async function breakDead(lease: HeldLease, needs: RunTaskNeeds): Promise<boolean> {
  const driving = isDriving(lease, needs);
  const over = driving === undefined ? lease.expired : !driving;
  // Whoever died may have left a Claude Code behind, which must be gone before anybody else works on its transcript.
  if (over) {
    needs.reapLeftovers();
    await release(lease, needs);
  }
  return over;
}

async function release({ taskId, attempt }: HeldLease, { store }: RunTaskNeeds): Promise<void> {
  await store.tasks.release({ taskId, attempt });
}

async function pause(signal: AbortSignal): Promise<void> {
  await after(askAgainMs, undefined, { signal }).catch(() => undefined); // Ended early by the signal, which the loop sees.
}
