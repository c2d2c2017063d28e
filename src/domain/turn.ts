/** So many minutes of waiting count as much as one step of `response_priority`. */
const minutesOfStep = 10;
const msOfMinute = 60_000;

/**
 * How soon waiting work gets its turn: 0 to 100, the highest first. The agent's `response_priority` (1 to 10) decides, and
 * whoever waits rises, so that nothing waits for ever behind work that counts for more.
 *
 * @param waitedMs since it could go on
 */
export function turnOf(responsePriority: number, waitedMs: number): number {
  const minutes = Math.floor(Math.max(0, waitedMs) / msOfMinute);
  return Math.min(100, (responsePriority - 1) * minutesOfStep + minutes);
}
