import type { Readable, Writable } from 'node:stream';
import type { AgentAnswer } from '../domain/answers/answer.ts';
import type { ScopeLimit, Shortage } from '../domain/budget.ts';
import type { News, SpiralEvent } from '../domain/event.ts';
import type { MachineId, TaskId } from '../domain/identifiers.ts';
import type { Insight } from '../domain/insights.ts';
import type { LeaseHolder } from '../domain/lease-holder.ts';
import type { TaskOutcome } from '../domain/outcome.ts';
import type { Answer, AnsweredBy, Question } from '../domain/question.ts';
import type { Task } from '../domain/task.ts';
import type { ResumedState, TaskState } from '../domain/task-state.ts';
import type { TestsBefore } from '../domain/test-comparison.ts';
import type { BudgetStore, PromptMove } from './budgets.ts';
import type { ConversationStore } from './conversations.ts';
import type { SurfaceStore } from './surfaces.ts';
import type { ToolRequestStore } from './tool-requests.ts';
import type { ToolStore } from './tools.ts';

/** A task as it is first saved. */
export type NewTask = Omit<Task, 'state' | 'cancelRequested' | 'isHeld' | 'attempt' | 'createdAt'>;

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
  /** What the gateway booked; with a login, what the engine told. */
  readonly costUsd: number;
  /** When something was last told of it. */
  readonly lastNewsAt: Date;
};

/** The next round of a task begins, or one of the limits has no prompt left. */
export type RoundStart =
  | { readonly kind: 'begun'; readonly task: Task }
  | { readonly kind: 'short'; readonly shortage: Shortage };

export interface TaskStore {
  /** Saves a task and its `task.accepted` in one transaction. */
  create(task: NewTask, accepted: News): Promise<Task>;
  /**
   * As `create`, unless there is a task of this id, or one for the same request, already: then nothing is saved, and it is
   * false.
   *
   * @param requestKey of what a person said once; see `ofRequest`
   */
  createOnce(task: NewTask, news: readonly News[], requestKey?: string): Promise<boolean>;
  /** The task that was made for a request of this key. */
  ofRequest(requestKey: string): Promise<TaskSummary | undefined>;
  /**
   * Changes what a person's own task asks for, with the news of it, in one transaction. False when a prompt was spent for it,
   * when agents talk about it already, and when it is finished, of somebody else's making or unknown.
   */
  reword(id: TaskId, text: string): Promise<boolean>;
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
  /** Makes the lease last `seconds` from now. Tells whether it is still ours, whether the end was asked for, and whether it is to be held. */
  renew(
    writer: Writer,
    seconds: number,
  ): Promise<{ readonly kept: boolean; readonly cancelRequested: boolean; readonly isHeld: boolean }>;

  /** Saves the next state with the events that tell of it, in one transaction. Throws `LeaseLost` when `writer` is not the last to have taken over. */
  advance(writer: Writer, state: TaskState, news: readonly KeyedNews[]): Promise<Task>;
  /**
   * As `advance`, and spends one prompt of every scope in `limits`, all or none: of several callers that want the last
   * prompt only one gets it. The prompts of the task itself are limited by its `promptLimit`, not by `limits`.
   */
  beginRound(
    writer: Writer,
    state: TaskState,
    news: readonly KeyedNews[],
    limits: readonly ScopeLimit[],
  ): Promise<RoundStart>;
  /** Saves that a task waits for an answer, with its question, in one transaction. Throws `LeaseLost`. */
  ask(
    writer: Writer,
    question: Omit<Question, 'askedAt'>,
    resume: ResumedState,
    news: readonly KeyedNews[],
  ): Promise<Task>;
  /** Records what happens while a step runs. Throws `LeaseLost` as `advance` does. */
  append(writer: Writer, news: readonly KeyedNews[], output?: readonly OutputPiece[]): Promise<void>;
  /** What a finished task came to, from its `task.finished`; undefined while it is not. */
  outcome(id: TaskId): Promise<TaskOutcome | undefined>;
  /** The answer of a task of an agent that answers, with what can be taken from it; undefined while there is none. */
  answer(id: TaskId): Promise<{ readonly answer: AgentAnswer; readonly insights: readonly Insight[] } | undefined>;
  /** What ran, oldest first. */
  output(id: TaskId): Promise<OutputPiece[]>;
  /** Saves the next state of a project together with the developer's task of an attempt, in one transaction. Throws `LeaseLost`. */
  assign(writer: Writer, state: TaskState, task: NewTask, news: readonly KeyedNews[]): Promise<Task>;
  /** Asks for the end of a task, and of every task of it when it is a project; false when it is finished or unknown. */
  requestCancel(id: TaskId): Promise<boolean>;
  /** Holds a task with those of it, or lets it go on; false when it was so before, is finished or unknown. */
  hold(id: TaskId, isHeld: boolean): Promise<boolean>;
  /** The tasks of a project, oldest first. */
  ofProject(id: TaskId): Promise<TaskSummary[]>;
  /** Tasks that have become projects, newest first. */
  projects(limit: number): Promise<TaskSummary[]>;
  /** Every folder below this one in which a task that is known worked. */
  workspacesBelow(folder: string): Promise<string[]>;
  /** Tasks of a repository whose worktree is still there: their work is neither merged nor discarded. Oldest first. */
  worktrees(): Promise<TaskSummary[]>;
  /** Says that the work of a task was merged or discarded; false when it was before, or has no worktree. */
  releaseWorktree(id: TaskId): Promise<boolean>;
}

export interface QuestionStore {
  /** Those of unfinished tasks that nobody has answered, oldest first. */
  open(): Promise<Question[]>;
  /** At most ten, oldest first. */
  find(idPrefix: string): Promise<(Question & { readonly answered: boolean })[]>;
  /**
   * Answers a question: gives what is granted, puts the task back to where it goes on or ends it, and lets the project go
   * on that waits with it, with the news, in one transaction. False when it was answered before (the first answer counts),
   * when its task is finished, and when there is no such question.
   *
   * @param move of a `moved` answer: what is moved. Throws `NothingToMove` when the agent has not so much.
   */
  answer(id: string, answer: Answer, by: AnsweredBy, move?: PromptMove): Promise<boolean>;
}

/** What every process knows of one model API: whether it asked for a pause, and whether it fails. */
export type UpstreamState = {
  /** Nothing is to be sent before. */
  readonly pausedUntil?: Date;
  /** Failures in a row. */
  readonly failures: number;
};

export interface UpstreamStore {
  state(upstream: string): Promise<UpstreamState>;
  pause(upstream: string, until: Date): Promise<void>;
  /** Counts a failure; gives back how many there are in a row. */
  failed(upstream: string): Promise<number>;
  succeeded(upstream: string): Promise<void>;
  /** Of several callers only one gets the right to send the next probe, for `seconds`. */
  probe(upstream: string, holder: string, seconds: number): Promise<boolean>;
}

/** The tests that Spiral saw run in a round; round 0 is the baseline. */
export interface TestStore {
  keep(writer: Writer, round: number, tests: TestsBefore): Promise<void>;
  /** Undefined when nothing was kept of that round. */
  of(taskId: TaskId, round: number): Promise<TestsBefore | undefined>;
}

/** How long what is kept. */
export type RetentionLimits = { readonly olderThan: Date };

export interface Upkeep {
  /**
   * Deletes finished tasks that ended before, with their events, output, questions and conversations; gives back their
   * ids. The costs stay, and so does a task whose worktree was not released, that an unfinished one continues or works
   * beside, or whose project is not over.
   */
  prune(limits: RetentionLimits): Promise<TaskId[]>;
  /** What would be deleted now, and what the database takes on disk. */
  size(limits: RetentionLimits): Promise<{ readonly bytes: number; readonly prunableTasks: number }>;
  /** Writes every table, in one moment of the database, as one stream, and ends it. */
  backup(to: Writable): Promise<void>;
  /**
   * Fills an empty database from a backup of this or an older version, all or nothing. Throws `StoreError` when it is not
   * empty ('not-empty'), when the backup is none of ours or damaged ('not-a-backup'), or newer ('newer-schema').
   */
  restore(from: Readable): Promise<void>;
}

export type WatchFilter = {
  /** Only events with a higher id. */
  readonly after: number;
  /** Of this task, and of the tasks of it when it is a project. */
  readonly taskId?: TaskId;
};

export interface EventStore {
  /** Events in order, at most `limit` of them. */
  read(filter: WatchFilter, limit: number): Promise<SpiralEvent[]>;
  /** The highest id that is visible; 0 when there is none. */
  last(): Promise<number>;
  /** The newest event of a task. */
  newest(taskId: TaskId): Promise<SpiralEvent | undefined>;
  /**
   * Every event after `filter.after`, the recorded ones first and then each as it becomes visible, none lost and none
   * twice, also over a lost connection. Ends when `signal` aborts.
   */
  watch(filter: WatchFilter, signal: AbortSignal): AsyncIterable<SpiralEvent>;
}

export interface SlotStore {
  /**
   * One of the places for a coding session on a machine, until it is released or this process or its connection is gone;
   * undefined when all of them are taken. The first of them are given first.
   *
   * @param most how many there are
   */
  take(machine: MachineId, most: number): Promise<{ readonly number: number; release(): Promise<void> } | undefined>;
}

export interface Store {
  readonly slots: SlotStore;
  readonly tasks: TaskStore;
  readonly conversations: ConversationStore;
  readonly events: EventStore;
  readonly budgets: BudgetStore;
  readonly questions: QuestionStore;
  readonly upstreams: UpstreamStore;
  readonly tests: TestStore;
  readonly tools: ToolStore;
  readonly toolRequests: ToolRequestStore;
  readonly surfaces: SurfaceStore;
  readonly upkeep: Upkeep;
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

/** An agent has not so many prompts to spare in this cycle. Nothing was saved. */
export class NothingToMove extends Error {
  override readonly name = 'NothingToMove';
}

export type StoreProblem =
  | 'unreachable'
  | 'refused'
  | 'too-old'
  | 'newer-schema'
  | 'full'
  | 'embedded-unavailable'
  /** Of a backup: there is something where it should be restored, it is none of ours or damaged, it cannot be written. */
  | 'not-empty'
  | 'not-a-backup'
  | 'not-written';

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
