const minuteMs = 60_000;

/** What one user asked for lately. Times are milliseconds since 1970. */
export type AllowanceState = {
  /** What was let through within the last minute, oldest first. */
  readonly passed: readonly number[];
  /** When they were last told to wait. */
  readonly toldAt?: number;
};

export const noAllowance: AllowanceState = { passed: [] };

/** `told`: it is refused, and they hear so; `silent`: refused, and they heard it within this minute. */
export type Allowance = { readonly verdict: 'passes' | 'told' | 'silent'; readonly state: AllowanceState };

/** Whether one more message of a user counts. No minute, wherever it begins, has more than `perMinute`. */
export function nextAllowance(state: AllowanceState, now: number, perMinute: number): Allowance {
  // A clock that was set back must not shut anybody out for longer than a minute.
  const passed = state.passed.filter((at) => Math.abs(now - at) < minuteMs);
  const { toldAt } = state;
  const told = toldAt === undefined ? {} : { toldAt };
  if (passed.length < perMinute) return { verdict: 'passes', state: { passed: [...passed, now], ...told } };
  if (toldAt !== undefined && Math.abs(now - toldAt) < minuteMs)
    return { verdict: 'silent', state: { passed, ...told } };
  return { verdict: 'told', state: { passed, toldAt: now } };
}
