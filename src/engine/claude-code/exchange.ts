import type { Wanted } from '../../domain/permission.ts';

/**
 * What passes between a round and people: one thing at a time. Of calls that are made together the first one waits for a
 * person; a session that waited with two of them would lose one.
 */
export type Exchange = {
  /** Takes the turn for a question, which waits in its session; false when a permission is wanted already. */
  ask(): boolean;
  /** Takes the turn for a permission, and with that ends the round; false when a question waits. */
  want(wanted: Wanted): boolean;
  wanted(): Wanted | undefined;
  /** Aborts when something is wanted. */
  readonly signal: AbortSignal;
  /** The call that asked a person got their words. */
  handOver(): void;
  isHandedOver(): boolean;
  /** The model went on, and so its session has kept the words. */
  goOn(): void;
};

export function openExchange(): Exchange {
  const over = new AbortController();
  let first: Wanted | undefined;
  let asks = false;
  let isHandedOver = false;
  let isKept = true;
  return {
    ask() {
      asks = first === undefined;
      return asks;
    },
    want(wanted) {
      if (asks || !isKept) return false;
      first ??= wanted;
      over.abort();
      return true;
    },
    wanted: () => first,
    signal: over.signal,
    handOver() {
      isHandedOver = true;
      isKept = false;
    },
    isHandedOver: () => isHandedOver,
    goOn() {
      isKept = true;
    },
  };
}
