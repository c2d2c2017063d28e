/** Lines that come from beside the message stream of a round and are told in between its messages. */
export type Notices = {
  add(line: string): void;
  /** Resolves as soon as there is one that was not taken yet. */
  heard(): Promise<'heard'>;
  /** The ones that were not taken yet, each with its number. */
  take(): readonly { readonly number: number; readonly line: string }[];
};

export function openNotices(): Notices {
  let waiting: { number: number; line: string }[] = [];
  let count = 0;
  let ring: () => void = () => undefined;
  return {
    add(line) {
      count += 1;
      waiting.push({ number: count, line });
      ring();
    },
    heard() {
      if (waiting.length > 0) return Promise.resolve('heard');
      return new Promise((resolve) => {
        ring = () => resolve('heard');
      });
    },
    take() {
      const taken = waiting;
      waiting = [];
      return taken;
    },
  };
}
