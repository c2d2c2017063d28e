/** Opened when it is first asked for, and closed only when it was. */
export function lazily<Value>(open: () => Promise<Value>) {
  let opened: Promise<Value> | undefined;
  return {
    get() {
      opened ??= open();
      return opened;
    },
    async close(end: (value: Value) => Promise<void>) {
      const value = await opened?.catch(() => undefined); // Whoever asked for it was told.
      if (value !== undefined) await end(value);
    },
  };
}
