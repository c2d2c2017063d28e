import type { AgentRole } from './domain/agent.ts';
import type { Check } from './domain/check.ts';
import type { Origin, SpiralEvent } from './domain/event.ts';
import type { TaskId } from './domain/identifiers.ts';
import type { TaskOutcome } from './domain/outcome.ts';
import type { Task } from './domain/task.ts';

/** What a person asks for. What is left out comes from the configuration. */
export type TaskRequest = {
  readonly text: string;
  readonly agent: AgentRole;
  /** Where to work; made when it does not exist. */
  readonly workspace: string;
  readonly promptLimit?: number;
  readonly roundTimeoutSeconds?: number;
  readonly model?: string;
  readonly origin: Origin;
};

export type Submission =
  | { readonly kind: 'accepted'; readonly taskId: TaskId }
  /** A mistake of whoever asked: nothing was recorded. */
  | { readonly kind: 'refused'; readonly problem: string; readonly cure: string };

/** A task as lists show it. */
export type TaskReport = Task & {
  /** Some process works on it now. */
  readonly driven: boolean;
  readonly finishedAt?: Date;
  readonly promptsUsed: number;
  /** As the engine estimated it. */
  readonly costUsd: number;
  /** Once it is finished. */
  readonly outcome?: TaskOutcome;
};

/** One piece of what ran inside a task, whole. */
export type TaskOutput = {
  readonly round: number;
  readonly kind: 'model' | 'command' | 'tests' | 'notice';
  readonly title: string;
  readonly text: string;
};

/**
 * Something that a person should know. `configuration`: a setting that does not count. `containment`: what this machine
 * cannot promise. `reaped`: what a killed run had left behind and was ended now.
 */
export type Notice = { readonly about: 'configuration' | 'containment' | 'reaped'; readonly text: string };

/** The whole system, as every surface sees it. */
export interface Spiral {
  /**
   * Records a task and queues it. With `driveHere` this process is the one that will drive it: the coding agent is started
   * at once, beside the recording, and the queued job is a backup only.
   */
  submit(request: TaskRequest, options?: { readonly driveHere: boolean }): Promise<Submission>;
  /**
   * Drives a task in this process until it is over. `lost`: another process took it over and goes on with it; `left`: the
   * signal aborted, and the task goes on when somebody takes it up again.
   */
  drive(taskId: TaskId, signal?: AbortSignal): Promise<'finished' | 'lost' | 'left'>;
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
  /** The tasks whose id begins so. */
  findTasks(idPrefix: string): Promise<TaskReport[]>;
  output(taskId: TaskId): Promise<TaskOutput[]>;
  /** Unfinished tasks of this machine that nobody drives: what a kill left behind. */
  abandoned(): Promise<TaskReport[]>;
  /**
   * Takes up queued and abandoned tasks of this machine until the signal aborts; running steps are then handed back.
   *
   * @param ready called once, when the first task could be taken up
   */
  serve(signal: AbortSignal, ready?: () => void): Promise<void>;
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
};

/** Everything that a program can do with an installation before, or without, opening the system. */
export interface Installation {
  /** Throws `SpiralError`. */
  open(options: OpenOptions): Promise<Spiral>;
  /** The same system with a scripted model that builds a small web scraper in the given folder. Throws `SpiralError`. */
  openDemo(options: OpenOptions & { readonly workspace: string }): Promise<DemoSpiral>;
  diagnose(options: OpenOptions): Promise<readonly Check[]>;
  /** Ends an embedded database that a killed process left running; false when none ran. */
  stopDatabase(options: OpenOptions): Promise<boolean>;
  /** Writes commented examples of the configuration, by default into the state root; never overwrites. Gives back the paths. */
  writeExamples(
    options: OpenOptions,
    folder?: string,
  ): Promise<{ readonly written: readonly string[]; readonly kept: readonly string[] }>;
}

export type DemoSpiral = {
  readonly spiral: Spiral;
  /** What the demo asks for, and the folder that it will be built in. */
  readonly task: string;
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
