import type { News, SpiralEvent } from '../domain/event.ts';
import type { MachineId, TaskId } from '../domain/identifiers.ts';
import type { TaskOutcome } from '../domain/outcome.ts';
import type { Task, TaskState } from '../domain/task.ts';

/** A task as it is first saved. */
export type NewTask = Omit<Task, 'state' | 'cancelRequested' | 'attempt' | 'createdAt'>;

/** News with a key: told a second time under the same key (of the same task), it is not recorded again. */
export type KeyedNews = { readonly news: News; readonly key?: string };

/** One piece of what ran inside a task, kept whole for `tasks show ID --output`. */
export type OutputPiece = {
  readonly round: number;
  /** Unique within the task; a second piece of the same key is dropped. */
  readonly key: string;
  readonly kind: 'model' | 'command' | 'tests' | 'notice';
  /** The command, or whose words they are. */
  readonly title: string;
  readonly text: string;
};

/** The process that drives a task. `startedAt` tells it from a later process with the same id. */
export type LeaseHolder = {
  readonly pid: number;
  /** As the operating system counts it; opaque, compared only for equality. */
  readonly startedAt: string;
  /** Processes of another namespace cannot be looked at; their leases end by time alone. */
  readonly namespace: string;
};

/** A lease that somebody has, with what the caller needs to find out whether it is still alive. */
export type HeldLease = {
  readonly taskId: TaskId;
  readonly holder: LeaseHolder;
  readonly attempt: number;
  /** Its time is over, by the clock of the database. */
  readonly expired: boolean;
};

export type Lease =
  | { readonly kind: 'leased'; readonly attempt: number; readonly task: Task }
  /** Somebody drives the task already. */
  | { readonly kind: 'held'; readonly lease: HeldLease }
  | { readonly kind: 'finished' };

export type Occupation =
  | { readonly kind: 'occupied' }
  /** Another task works in this folder, in one inside it, or in one around it. */
  | { readonly kind: 'busy'; readonly workspace: string; readonly lease: HeldLease };

/** The right to write to a task: who took it over last. */
export type Writer = { readonly taskId: TaskId; readonly attempt: number };

export type TaskSummary = Task & {
  /** Who drives it, dead or alive; absent when nobody does. */
  readonly lease?: HeldLease;
  readonly finishedAt?: Date;
  readonly promptsUsed: number;
  readonly costUsd: number;
};

export interface TaskStore {
  /** Saves a task and its `task.accepted` in one transaction. */
  create(task: NewTask, accepted: News): Promise<Task>;
  get(id: TaskId): Promise<TaskSummary | undefined>;
  /** Tasks whose id begins so; at most ten. */
  find(idPrefix: string): Promise<TaskSummary[]>;
  /** Newest first. */
  list(limit: number): Promise<TaskSummary[]>;
  /** Tasks of this machine that are not finished, oldest first. */
  unfinished(machine: MachineId): Promise<TaskSummary[]>;

  /**
   * Takes the lease of a task for `seconds`. Every success raises `attempt`. Succeeds only when nobody holds it, whether
   * expired or not: an expired holder is looked at by the caller first.
   */
  lease(id: TaskId, holder: LeaseHolder, seconds: number): Promise<Lease>;
  /**
   * Takes the workspace of a leased task, for as long as the lease lasts. Of two tasks of one machine whose workspaces are
   * the same or lie in one another only one can have it. Throws `LeaseLost`.
   */
  occupy(writer: Writer): Promise<Occupation>;
  /** Ends the lease that `writer` stands for, whoever asks, and leaves its workspace; false when it was already over or taken again. */
  release(writer: Writer): Promise<boolean>;
  /** Makes the lease last `seconds` from now. Tells whether it is still ours and whether the end was asked for. */
  renew(writer: Writer, seconds: number): Promise<{ readonly kept: boolean; readonly cancelRequested: boolean }>;

  /** Saves the next state with the events that tell of it, in one transaction. Throws `LeaseLost` when `writer` is not the last to have taken over. */
  advance(writer: Writer, state: TaskState, news: readonly KeyedNews[]): Promise<Task>;
  /** Records what happens while a step runs. Throws `LeaseLost` as `advance` does. */
  append(writer: Writer, news: readonly KeyedNews[], output?: readonly OutputPiece[]): Promise<void>;
  /** What a finished task came to, from its `task.finished`; undefined while it is not. */
  outcome(id: TaskId): Promise<TaskOutcome | undefined>;
  /** What ran, oldest first. */
  output(id: TaskId): Promise<OutputPiece[]>;
  /** Asks for the end of a task; false when it is finished or unknown. */
  requestCancel(id: TaskId): Promise<boolean>;
}

export type WatchFilter = {
  /** Only events with a higher id. */
  readonly after: number;
  readonly taskId?: TaskId;
};

export interface EventStore {
  /** Events in order, at most `limit` of them. */
  read(filter: WatchFilter, limit: number): Promise<SpiralEvent[]>;
  /** The highest id that is visible; 0 when there is none. */
  last(): Promise<number>;
  /**
   * Every event after `filter.after`, the recorded ones first and then each as it becomes visible, none lost and none
   * twice, also over a lost connection. Ends when `signal` aborts.
   */
  watch(filter: WatchFilter, signal: AbortSignal): AsyncIterable<SpiralEvent>;
}

export interface Store {
  readonly tasks: TaskStore;
  readonly events: EventStore;
  close(): Promise<void>;
}

/** Somebody else has taken the task over: the writer must end its engine and write nothing more. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  readonly taskId: TaskId;

  constructor(taskId: TaskId) {
    super(`task ${taskId} was taken over by another process`);
    this.taskId = taskId;
  }
}

export type StoreProblem = 'unreachable' | 'refused' | 'too-old' | 'newer-schema' | 'full' | 'embedded-unavailable';

/** The database cannot be used; `message` is one sentence and `cure` what a person can do. Neither holds a password. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly problem: StoreProblem;
  readonly cure: string;

  constructor(problem: StoreProblem, message: string, cure: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
    this.cure = cure;
  }
}
