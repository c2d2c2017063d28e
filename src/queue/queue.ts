/** What a job asks for. It only wakes somebody: the row that its id names decides what is to be done. */
export type Job =
  | { readonly kind: 'advance-task'; readonly taskId: string }
  /** An agent has mail in a conversation. */
  | { readonly kind: 'read-mail'; readonly conversationId: string; readonly agent: string };

export type AddOptions = {
  /** Nobody sees the job before this time has passed. */
  readonly delayMs?: number;
  /** 0 to 100, the highest first; among equals the oldest first. 50 when it is left out. */
  readonly priority?: number;
};

/** Every call rejects with a `QueueError`, in bounded time, when the server behind the queue cannot be used. */
export interface Queue {
  /**
   * Adds a job under an id that is derived from what it does. While a job of that id waits, is delayed or runs, adding it
   * again changes nothing; once it is over, the same id can be added again.
   *
   * @param lane only workers of the same lane see it; coding work has a lane per machine
   * @param id must not contain `:`
   */
  add(lane: string, id: string, job: Job, options?: AddOptions): Promise<void>;
  /** Takes back a job that nobody has begun; harmless when there is none. */
  remove(lane: string, id: string): Promise<void>;
  /**
   * Works on the jobs of a lane until the returned function is called; that one waits for the running jobs. A job whose
   * worker died is given to another worker; a job that throws is tried again with growing pauses.
   */
  work(lane: string, concurrency: number, handle: (job: Job) => Promise<void>): Promise<() => Promise<void>>;
  /** Jobs of a lane that wait, are delayed or run; for `doctor` and tests. */
  pending(lane: string): Promise<string[]>;
  /** Closes every connection, in bounded time. Running jobs are left to other workers: stop the workers first. */
  close(): Promise<void>;
}

export type QueueProblem = 'unreachable' | 'refused' | 'misconfigured';

/** The queue cannot be used; `message` is one line and `cure` what a person can do. Neither holds a password. */
export class QueueError extends Error {
  override readonly name = 'QueueError';
  readonly problem: QueueProblem;
  readonly cure: string;

  constructor(problem: QueueProblem, message: string, cure: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
    this.cure = cure;
  }
}
