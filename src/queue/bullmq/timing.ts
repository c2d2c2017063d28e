/** All in milliseconds. */
export type QueueTiming = {
  /** How long a server may take to answer when a connection is opened. */
  readonly connect: number;
  /** How long one command may take altogether. */
  readonly command: number;
  /** How long closing may take when the server does not answer. */
  readonly close: number;
  /** A worker that has not renewed its hold on a job for so long counts as dead. */
  readonly lock: number;
  /** How often the jobs of dead workers are looked for. */
  readonly stalledCheck: number;
  /** The pause after the first failure of a job; it doubles with every further one. */
  readonly firstPause: number;
  readonly longestPause: number;
  /** The pause before a worker asks a server again that did not answer. */
  readonly reconnectPause: number;
};

export const defaultTiming: QueueTiming = {
  connect: 3_000,
  command: 6_000,
  close: 1_500,
  lock: 30_000,
  stalledCheck: 15_000,
  firstPause: 1_000,
  longestPause: 60_000,
  reconnectPause: 1_000,
};

/** The pause before the next try of a job that has failed `failures` times (1 or more), in milliseconds. */
export function pauseAfter(failures: number, timing: Pick<QueueTiming, 'firstPause' | 'longestPause'>): number {
  // PostgreSQL refuses fractions of a millisecond.
  return Math.round(Math.min(timing.firstPause * 2 ** (failures - 1), timing.longestPause));
}
