import type { ChildProcess } from 'node:child_process';

export type Launch = {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment of the child, but for the marker of its tree and bubblewrap's PWD; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** What the process tree is for, for example `task k3v9x2mq`; shown when it is reaped. */
  readonly purpose: string;
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
  /** Starts a program whose whole process tree is ended by `end`, with us, or at the latest when Spiral starts again. */
  start(launch: Launch): ContainedProcess;
  /** Runs a command to its end within limits; never rejects for what the command does. */
  run(launch: Launch, limits: Limits, signal?: AbortSignal): Promise<CommandResult>;
  /** Sends SIGKILL to every tree that this process started, without waiting. */
  killAll(): void;
}

export interface ContainedProcess {
  readonly child: ChildProcess;
  /** Ends the whole tree: SIGTERM, and after `graceMs` SIGKILL. Resolves when the last of it is gone. */
  end(graceMs: number): Promise<void>;
}
