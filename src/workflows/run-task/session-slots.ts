import { setTimeout as after } from 'node:timers/promises';
import type { AgentRole } from '../../domain/agent.ts';
import type { MachineId } from '../../domain/identifiers.ts';
import type { Store } from '../../store/store.ts';

/** The right to have one live coding session. */
export type SessionSlot = { release(): Promise<void> };

export interface SessionSlots {
  /**
   * The next one goes to whoever has the highest turn (`turn`), among equals to whoever asked first. Rejects when the signal
   * aborts. `waits` is called once when there is none at once.
   *
   * @param agent whose session it will be
   */
  take(signal: AbortSignal, agent: AgentRole, waits?: () => void): Promise<SessionSlot>;
}

export type SlotSetting = {
  readonly machine: MachineId;
  /** How many there may be at most, whatever memory there is. */
  readonly most: number;
  /** Whether memory is left for one more; the first session of a machine is not asked about. */
  readonly hasRoom: () => boolean;
  /** How soon whoever has waited so long gets one. */
  readonly turn: (agent: AgentRole, waitedMs: number) => number;
};

/** A free place is looked for so often: other processes tell nobody that they let one go. */
const lookEveryMs = 250;

type Waiter = {
  readonly agent: AgentRole;
  readonly since: number;
  readonly give: (slot: SessionSlot) => void;
  readonly fail: (error: unknown) => void;
  /** Undefined once it was told. */
  waits: (() => void) | undefined;
};

/** The slots of a machine, shared with every other Spiral process on it; in this process the queue behind them is fair. */
export function openSessionSlots(
  store: () => Promise<Pick<Store, 'slots'>>,
  { machine, most, hasRoom, turn }: SlotSetting,
): SessionSlots {
  const waiters: Waiter[] = [];
  let isServing = false;

  async function free(): Promise<SessionSlot | undefined> {
    const slot = await (await store()).slots.take(machine, most);
    if (!slot || slot.number === 1 || hasRoom()) return slot;
    await slot.release();
    return undefined;
  }

  function takeNext(): Waiter | undefined {
    const now = performance.now();
    const turns = waiters.map(({ agent, since }) => turn(agent, now - since));
    const place = turns.indexOf(Math.max(...turns));
    return place < 0 ? undefined : waiters.splice(place, 1)[0];
  }

  /** Gives slots to those who wait, in their order, until nobody does. */
  async function serve(): Promise<void> {
    for (;;) {
      if (waiters.length === 0) return;
      const slot = await free();
      if (slot) {
        const first = takeNext();
        // Whoever waited for it may have left meanwhile.
        if (first) first.give(slot);
        else await slot.release();
        continue;
      }
      for (const waiter of waiters) {
        waiter.waits?.();
        waiter.waits = undefined;
      }
      await after(lookEveryMs);
    }
  }

  function wake(): void {
    if (isServing) return;
    isServing = true;
    serve()
      .catch((error: unknown) => {
        for (const { fail } of waiters.splice(0)) fail(error);
      })
      .finally(() => {
        isServing = false;
        if (waiters.length > 0) wake();
      });
  }

  return {
    take(signal, agent, waits) {
      return new Promise<SessionSlot>((resolve, reject) => {
        const leave = () => {
          const place = waiters.indexOf(waiter);
          if (place >= 0) waiters.splice(place, 1);
          reject(signal.reason);
        };
        const waiter: Waiter = {
          agent,
          since: performance.now(),
          give(slot) {
            signal.removeEventListener('abort', leave);
            resolve(slot);
          },
          fail(error) {
            signal.removeEventListener('abort', leave);
            reject(error);
          },
          waits,
        };
        if (signal.aborted) return reject(signal.reason);
        signal.addEventListener('abort', leave, { once: true });
        waiters.push(waiter);
        wake();
      });
    },
  };
}
