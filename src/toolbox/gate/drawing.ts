/** Draws from what there is; the same seed draws the same. */
export type Drawing = {
  /** 0 up to, and without, 1. */
  next(): number;
  /** A copy in another order. */
  shuffled<Item>(items: readonly Item[]): Item[];
};

/** mulberry32: small, and good enough to choose among inputs. */
export function drawingOf(seed: number): Drawing {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    shuffled(items) {
      const order = items.map((item) => ({ item, place: next() }));
      return order.toSorted((one, other) => one.place - other.place).map(({ item }) => item);
    },
  };
}
