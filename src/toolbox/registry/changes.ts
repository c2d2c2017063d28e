export type Changes = {
  /** What is offered was looked at, and this was its revision before. */
  seen(revision: number): void;
  /** See `Registry.onChange`. */
  listen(listener: () => void): () => void;
  close(): Promise<void>;
};

/**
 * Asks for the revision again and again while somebody listens. A database that cannot be reached is told once, and asked on.
 */
export function openChanges(
  revision: () => Promise<number>,
  everyMs: number,
  onProblem: (problem: string) => void,
): Changes {
  // The object tells one listener from another that is the same function.
  const listeners = new Set<{ readonly tell: () => void }>();
  let known: number | undefined;
  let isTold = false;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    try {
      const now = await revision();
      isTold = false;
      const hasChanged = known !== undefined && known !== now;
      known = now;
      if (hasChanged) for (const { tell } of [...listeners]) tell();
    } catch (error) {
      if (!isTold) onProblem(`nobody can say whether tools have changed: ${String(error)}`);
      isTold = true;
    }
  }

  function lookSoon(): void {
    timer = setTimeout(() => {
      looking = look().then(() => {
        looking = undefined;
        timer = undefined;
        if (listeners.size > 0) lookSoon();
      });
    }, everyMs).unref();
  }

  return {
    seen(now) {
      // What is known already may be newer than this; then it was visible before anything was looked at.
      known ??= now;
    },
    listen(tell) {
      const listener = { tell };
      listeners.add(listener);
      if (timer === undefined) lookSoon();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0 || looking) return;
        clearTimeout(timer);
        timer = undefined;
      };
    },
    async close() {
      listeners.clear();
      clearTimeout(timer);
      await looking;
    },
  };
}
