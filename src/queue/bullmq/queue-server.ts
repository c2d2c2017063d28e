/** What the `Queue` of both backends can do and we use. */
export type LaneQueue = {
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  add(name: string, data: unknown, options: AddedJobOptions): Promise<unknown>;
  remove(id: string): Promise<number>;
  getJobs(
    states: ('waiting' | 'prioritized' | 'delayed' | 'active')[],
    start: number,
    end: number,
    ascending: boolean,
  ): Promise<readonly { readonly id?: string | undefined }[]>;
  close(): Promise<void>;
};

export type AddedJobOptions = {
  readonly jobId: string;
  readonly attempts: number;
  readonly backoff: { readonly type: string };
  readonly removeOnComplete: true;
  readonly removeOnFail: true;
  readonly stackTraceLimit: number;
  readonly delay: number;
  readonly priority: number;
};

/** What the `Worker` of both backends can do and we use. */
type LaneWorker = {
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  run(): Promise<void>;
  /** Without `force` it waits for the running jobs. */
  close(force?: boolean): Promise<void>;
};

export type WorkerSettings = {
  readonly autorun: false;
  readonly concurrency: number;
  readonly lockDuration: number;
  readonly stalledInterval: number;
  readonly maxStalledCount: number;
  readonly runRetryDelay: number;
  readonly drainDelay: number;
  readonly settings: { readonly backoffStrategy: (failures: number) => number };
};

/** The server behind the queue: what differs between Redis and PostgreSQL. */
export interface QueueServer {
  /** Makes sure that the server answered and is ready for us; quick when it was before. Throws what its client throws. */
  reach(): Promise<void>;
  queue(lane: string): LaneQueue;
  /** `sever` cuts the connections of this worker alone, without a word to the server. */
  worker(
    lane: string,
    carryOut: (job: { readonly data: unknown }) => Promise<void>,
    settings: WorkerSettings,
  ): { readonly worker: LaneWorker; sever(): void };
  close(): Promise<void>;
  /** Cuts every connection, without a word to the server. */
  sever(): void;
}
