/** The process that drives a task. `startedAt` tells it from a later process with the same id. */
export type LeaseHolder = {
  readonly pid: number;
  /** As the operating system counts it; opaque, compared only for equality. */
  readonly startedAt: string;
  /** Processes of another namespace cannot be looked at; their leases end by time alone. */
  readonly namespace: string;
};
