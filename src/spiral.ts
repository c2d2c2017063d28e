import type { AgentRole } from './domain/agent.ts';
import type { AgentCard } from './domain/agent-card.ts';
import type { AgentResources } from './domain/agent-resources.ts';
import type { CostLine, Measure } from './domain/budget.ts';
import type { Check } from './domain/check.ts';
import type { Origin, SpiralEvent } from './domain/event.ts';
import type { TaskId } from './domain/identifiers.ts';
import type { MergeResult } from './domain/merge-result.ts';
import type { Question } from './domain/question.ts';
import type { Wish } from './domain/task.ts';
import type { ConversationFace, TalkWish } from './spiral/conversations.ts';
import type { ProjectTaskReport, Report, TaskReport } from './spiral/reports.ts';
import type { Attachment, DiscordSettings, SurfaceFace } from './spiral/surface.ts';
import type { ToolFace } from './spiral/tools.ts';

/** What a person asks for. What is left out comes from the configuration. */
export type TaskRequest = {
  readonly text: string;
  readonly agent: AgentRole;
  /** Where to work; made when it does not exist. Ignored with `repository`, which brings its own; without it a folder of its own below the state root. */
  readonly workspace?: string;
  /** An existing git repository: the work is done in a worktree, on a branch of its own. */
  readonly repository?: string;
  /** A task in whose folder, or worktree, this is done as well, in a session of its own. Ignores `workspace` and `repository`. */
  readonly beside?: TaskId;
  /** Nobody will be awake: questions are answered as configured, and at the deadline the work ends. */
  readonly unattended?: boolean;
  /** Of the project manager's tasks; without it: to analyse or to plan and build, as the wish is. */
  readonly wish?: Wish;
  /** The beginning of the id of a project: this is to be built on it, in its workspace. */
  readonly project?: string;
  /** The text is said to agents, who may answer it and each other; nothing is built. */
  readonly talk?: TalkWish;
  readonly promptLimit?: number;
  readonly roundTimeoutSeconds?: number;
  readonly model?: string;
  readonly origin: Origin;
  /** Put into the workspace before the work begins. */
  readonly attachments?: readonly Attachment[];
  /** Unique for what a person said once, for example the id of a chat message: asked again with it, the task is the same one. */
  readonly key?: string;
};

/** How a finished task is gone on with. */
export type Continuing = Pick<TaskRequest, 'attachments' | 'key'> & {
  readonly driveHere?: boolean;
  /** Where it was asked for; as the finished task when it is left out. */
  readonly origin?: Origin;
};

export type Submission =
  | { readonly kind: 'accepted'; readonly taskId: TaskId }
  /** A mistake of whoever asked: nothing was recorded. */
  | { readonly kind: 'refused'; readonly problem: string; readonly cure: string };

/** What `stop` did. It needs neither database nor queue; `recorded` tells whether the database heard of it as well. */
export type Stopped = {
  readonly tasks: readonly TaskId[];
  readonly processes: number;
  /** Processes that could not be ended. */
  readonly left: number;
  readonly recorded: boolean;
};

/** What retention deleted, or would delete. */
export type Pruned = { readonly tasks: number; readonly megabytes: number };

/** One piece of what ran inside a task, whole. */
export type TaskOutput = {
  readonly round: number;
  readonly kind: 'model' | 'command' | 'tests' | 'notice';
  readonly title: string;
  readonly text: string;
};

/**
 * Something that a person should know. `configuration`: a setting that does not count. `containment`: what this machine
 * cannot promise. `budget`: how the budget is kept when it is not kept before every request. `reaped`: what a killed run had left behind and was ended now.
 */
export type Notice = {
  readonly about: 'configuration' | 'containment' | 'budget' | 'reaped';
  readonly text: string;
};

/** The whole system, as every surface sees it. */
export interface Spiral extends ToolFace, ConversationFace, SurfaceFace {
  /**
   * Records a task and queues it. With `driveHere` this process is the one that will drive it: the coding agent is started
   * at once, beside the recording, and the queued job is a backup only.
   */
  submit(request: TaskRequest, options?: { readonly driveHere: boolean }): Promise<Submission>;
  /**
   * Drives a task in this process until it is over. `lost`: another process took it over and goes on with it; `left`: the
   * signal aborted, and the task goes on when somebody takes it up again; `waiting`: it goes on when a human has answered.
   */
  drive(taskId: TaskId, signal?: AbortSignal): Promise<'finished' | 'lost' | 'left' | 'waiting'>;
  /**
   * A new task in the session and the workspace of a finished one. Without a text: go on where that one ended. Unless
   * `driveHere` is false, this process is the one that will drive it.
   */
  continue(taskId: TaskId, text?: string, options?: Continuing): Promise<Submission>;
  /** Asks for the end of a task, wherever it runs; false when it is unknown or over. */
  cancel(taskId: TaskId): Promise<boolean>;
  /** Every event after a position, recorded ones first, none lost and none twice, until the signal aborts. */
  watch(from: { readonly after: number; readonly taskId?: TaskId }, signal: AbortSignal): AsyncIterable<SpiralEvent>;
  /** Recorded events only. */
  events(from: { readonly after: number; readonly taskId?: TaskId }, limit: number): Promise<SpiralEvent[]>;
  /** The position behind the newest event. */
  lastEvent(): Promise<number>;
  /** Newest first. */
  tasks(limit: number): Promise<TaskReport[]>;
  /** Every task of this machine that is not over, oldest first. */
  unfinished(): Promise<TaskReport[]>;
  /** What every agent has and is busy with, in the order of the roles; tasks and sessions are those of this machine. */
  resources(): Promise<AgentResources[]>;
  /** The tasks whose id begins so. */
  findTasks(idPrefix: string): Promise<TaskReport[]>;
  /** Tasks that became projects, newest first. */
  projects(limit: number): Promise<ProjectTaskReport[]>;
  /**
   * Holds a task, a project with all its tasks: whatever runs of it is broken off and stays as it is, and nobody goes on with
   * it until it is let go on. False when it was so before, is over or unknown.
   */
  hold(taskId: TaskId, isHeld: boolean): Promise<boolean>;
  output(taskId: TaskId): Promise<TaskOutput[]>;
  /** Every question that waits for a human, oldest first. */
  pending(): Promise<Question[]>;
  /**
   * Gives a task that waits at a limit so much more of what ran out, or refuses it. False when that was answered before.
   * Only people call this: no agent can reach it.
   */
  grant(questionId: string, answer: { readonly amount: number } | 'refuse'): Promise<boolean>;
  /**
   * Answers a question that offers choices. False when that was answered before. Only people call this: no agent can reach
   * it. Throws `SpiralError` for a choice that is not offered.
   */
  answer(questionId: string, choice: string, text?: string): Promise<boolean>;
  /** Gives a task more of a measure beforehand. */
  grantAhead(taskId: TaskId, measure: Measure, amount: number): Promise<void>;
  costs(by: 'agent' | 'task' | 'day', since?: Date): Promise<CostLine[]>;
  report(since: Date): Promise<Report>;
  /** The work of a task in a repository as a unified diff against where it began. */
  diff(taskId: TaskId): Promise<string>;
  merge(taskId: TaskId): Promise<MergeResult>;
  /** Deletes worktree and branch of a task. */
  discard(taskId: TaskId): Promise<void>;
  /** Deletes what `[retention]` does not keep. */
  prune(): Promise<Pruned>;
  /** Writes everything that the database holds into a new file. */
  backup(path: string): Promise<{ readonly bytes: number }>;
  /** Fills an empty database from such a file. */
  restore(path: string): Promise<void>;
  /** Unfinished tasks of this machine that nobody drives: what a kill left behind. */
  abandoned(): Promise<TaskReport[]>;
  /**
   * Takes up queued and abandoned tasks of this machine, and lets agents read and answer their messages, until the signal
   * aborts; running steps are then handed back.
   *
   * @param ready called once, when the first task could be taken up
   */
  serve(signal: AbortSignal, ready?: () => void): Promise<void>;
  /** Lets agents read and answer their messages until the signal aborts; any number of processes can, on any machine. */
  work(signal: AbortSignal, ready?: () => void): Promise<void>;
  /** What to tell a person at the start. */
  readonly notices: readonly Notice[];
  /** Ends every process tree of this process at once, for a person who will not wait. */
  kill(): void;
  close(): Promise<void>;
}

export type OpenOptions = {
  /** Where configuration comes from; defaults as in docs/configuration.md. */
  readonly configPath?: string;
  /** Told, in one line, of what goes wrong beside the work, for example a queue that cannot be reached for a while. */
  readonly onProblem?: (problem: string) => void;
  /** It is opened to work on what is queued: the database is started at once, and what a task needs is loaded after `ready`. */
  readonly serves?: boolean;
};

/** Everything that a program can do with an installation before, or without, opening the system. */
export interface Installation {
  /** Throws `SpiralError`. */
  open(options: OpenOptions): Promise<Spiral>;
  /** The same system with a scripted model that plays one of the demos in the given folder. Throws `SpiralError`. */
  openDemo(options: OpenOptions & { readonly workspace: string; readonly play: DemoPlay }): Promise<DemoSpiral>;
  /** The team, as it is configured. Throws `SpiralError`. */
  agents(options: OpenOptions): Promise<readonly AgentCard[]>;
  /** Undefined without a token: there is no bot. Throws `SpiralError`. */
  discord(options: OpenOptions): Promise<DiscordSettings | undefined>;
  diagnose(options: OpenOptions): Promise<readonly Check[]>;
  /** Ends an embedded database that a killed process left running; false when none ran. */
  stopDatabase(options: OpenOptions): Promise<boolean>;
  /**
   * Ends the process trees of one task, or of all, whoever drives them, and sees that they do not begin again.
   *
   * @param task the beginning of an id, or everything
   */
  stop(options: OpenOptions, task: string | 'all'): Promise<Stopped>;
  /** Writes commented examples of the configuration, by default into the state root; never overwrites. Gives back the paths. */
  writeExamples(
    options: OpenOptions,
    folder?: string,
  ): Promise<{ readonly written: readonly string[]; readonly kept: readonly string[] }>;
}

/** What can be seen without a key: one task, a whole project, a review of code, a talk, a tool that is missed and built. */
export const demoPlays = ['scraper', 'project', 'qa', 'talk', 'tool'] as const;

export type DemoPlay = (typeof demoPlays)[number];

export type DemoSpiral = {
  readonly spiral: Spiral;
  /** What the demo asks for, and the folder that it works in. */
  readonly request: TaskRequest;
  readonly workspace: string;
};

/** Something a person can mend stands in the way; one line of what, one of how. Holds no secret. */
export class SpiralError extends Error {
  override readonly name = 'SpiralError';
  /** `usage`: a wrong setting or request. `unavailable`: something that Spiral needs cannot be reached. */
  readonly kind: 'usage' | 'unavailable';
  readonly cure: string;

  constructor(kind: 'usage' | 'unavailable', message: string, cure: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.cure = cure;
  }
}
