/** What a test makes go wrong. */
export type Failure = {
  readonly method?: string;
  /** Matched against the path after `/api/v10`. */
  readonly path: RegExp;
  readonly status: number;
  /** How many requests fail; then all is well. */
  readonly times: number;
  readonly delayMs?: number;
  /** The socket is cut before an answer; `status` plays no part. */
  readonly cut?: boolean;
  /** The request is carried out, and only its answer is lost. */
  readonly afterwards?: boolean;
  readonly code?: number;
  /** Of a 429. */
  readonly retryAfterSeconds?: number;
};

export type Troubles = {
  readonly add: (failure: Failure) => void;
  /** The failure that this request meets, counted. */
  readonly meet: (method: string, path: string) => Failure | undefined;
  slowMs: number;
};

export function openTroubles(): Troubles {
  const waiting: { failure: Failure; left: number }[] = [];
  return {
    slowMs: 0,
    add: (failure) => waiting.push({ failure, left: failure.times }),
    meet: (method, path) => {
      const met = waiting.find(
        ({ failure, left }) =>
          left > 0 && failure.path.test(path) && (failure.method === undefined || failure.method === method),
      );
      if (met) met.left -= 1;
      return met?.failure;
    },
  };
}
