export type Turn = {
  /** Resolves when everybody who came before has left. */
  readonly come: Promise<void>;
  /** Lets the next one come; harmless when it was done before. */
  readonly leave: () => void;
};

/** Places in which one comes after the other, in the order in which they took their turns. */
export function openTurns(): { take(place: string): Turn } {
  const last = new Map<string, Promise<void>>();
  return {
    take(place) {
      let leave: () => void = () => undefined;
      const left = new Promise<void>((resolve) => {
        leave = resolve;
      });
      const come = last.get(place) ?? Promise.resolve();
      const over = come.then(() => left);
      last.set(place, over);
      void over.then(() => {
        if (last.get(place) === over) last.delete(place);
      });
      return { come, leave };
    },
  };
}
