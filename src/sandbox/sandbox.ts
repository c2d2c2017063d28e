import type { ChildProcess } from 'node:child_process';
import type { TaskId } from '../domain/identifiers.ts';

export type Launch = {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment of the child, but for the marker of its tree and bubblewrap's PWD; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** What the process tree is for, for example `task k3v9x2mq`; shown when it is reaped. */
  readonly purpose: string;
  /** The task that it belongs to: a person who stops that task ends this tree. */
  readonly taskId?: TaskId;
  /** What it may see and change. Without it, everything that the user may: for programs of our own. */
  readonly confinement?: Confinement;
};

/**
 * A view of the machine in which home folder and state root are out of sight. Where bubblewrap does not work it cannot be
 * kept; `Sandbox.confines` tells.
 */
export type Confinement = {
  /** Folders, absolute, that may be written; nothing else may, but for a private home and a private temporary folder. */
  readonly writable: readonly string[];
  /** Folders, absolute, that may be read although they lie where nothing may be seen. */
  readonly readable?: readonly string[];
  /** `none`: not even loopback of the machine. `host`: as outside, for a program that confines its own commands. */
  readonly network: 'none' | 'host';
  /** Names the private home folder: the same name has the same one, so that caches are kept; absent: an empty one. */
  readonly home?: string;
  readonly resources?: {
    /** For every process by itself, and for the whole tree together. */
    readonly memoryBytes: number;
    /** Of the whole tree, threads included. Beyond it the tree is ended, or can start no more. */
    readonly processes: number;
    /** For every file. */
    readonly fileBytes: number;
  };
};

export type Limits = {
  readonly timeoutMs: number;
  /** Output beyond this is dropped from the middle, and the result says so. */
  readonly outputBytes: number;
};

export type CommandResult = {
  /** Null when it was ended by a signal, which bubblewrap tells as a shell does: 128 and the number of the signal. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  /** The signal passed to `run` ended it. */
  readonly aborted: boolean;
  /** stdout and stderr as they came. */
  readonly output: string;
  /** Set when the program could not be started at all, for example because it is not installed. */
  readonly notStarted?: string;
  /** The limit of its confinement that ended it, where that can be known: a program that is refused may go on by itself. */
  readonly limit?: 'memory' | 'processes' | 'file-size';
  readonly durationMs: number;
};

/** How sure we are that nothing outlives us. */
export type Containment =
  /** A process id namespace that dies with us, daemons included. */
  | 'bubblewrap'
  /** The first process dies with us; what it detached is reaped at the next start. */
  | 'parent-death-signal'
  /** Everything is reaped at the next start only. */
  | 'none';

export interface Sandbox {
  readonly containment: Containment;
  /** Whether a `Confinement` is kept here. */
  readonly confines: boolean;
  /** Whether a program in a `Confinement` with the machine's network can confine its own commands in turn. */
  readonly nests: boolean;
  /**
   * Starts a program whose whole process tree is ended by `end`, with us, or at the latest when Spiral starts again.
   * Throws `StoppedByPerson` for a task that a person has stopped.
   */
  start(launch: Launch): ContainedProcess;
  /** Runs a command to its end within limits; never rejects for what the command does. */
  run(launch: Launch, limits: Limits, signal?: AbortSignal): Promise<CommandResult>;
  /** Sends SIGKILL to every tree that this process started, without waiting. */
  killAll(): void;
}

/** Nothing is started for this task any more: a person has stopped it. */
export class StoppedByPerson extends Error {
  override readonly name = 'StoppedByPerson';
  readonly taskId: TaskId;
  constructor(taskId: TaskId) {
    super(`task ${taskId} was stopped by a person`);
    this.taskId = taskId;
  }
}

/** A person's wish that a task stops, kept as a file: it needs neither database nor queue. */
export interface StopRequests {
  /** Whether the end of a task was asked for since it was last cleared. Nothing is started for such a task. */
  isRequested(taskId: TaskId): boolean;
  /** Forgets the wish once the end of the task is recorded. */
  clear(taskId: TaskId): void;
  /**
   * Names a task that this process drives now, so that a stop finds it between two of its processes.
   *
   * @param project that it belongs to: a stop of the project is one of the task
   */
  drives(taskId: TaskId, project?: TaskId): { end(): void };
}

export interface ContainedProcess {
  readonly child: ChildProcess;
  /** The limit of its confinement for which the tree was ended. */
  exceeded(): 'memory' | 'processes' | undefined;
  /** Ends the whole tree: SIGTERM, and after `graceMs` SIGKILL. Resolves when the last of it is gone. */
  end(graceMs: number): Promise<void>;
}
