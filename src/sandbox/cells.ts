import type { TaskId } from '../domain/identifiers.ts';

/** One call of a built tool: a program that nobody has to trust. */
export type ToolRun = {
  /** Command and arguments. `node` and `python3` are ours to find; any other program has to be one of the machine's. */
  readonly program: readonly [string, ...string[]];
  /** The tool's own folder, absolute: the program starts in it, reads it, and cannot change it. */
  readonly folder: string;
  /** A folder, absolute, for its home and its temporary files, kept afterwards. Absent: an empty one that is gone afterwards. */
  readonly scratch?: string;
  /** What it reads from its standard input. */
  readonly input: string;
  /** Values for the names in `permissions.env`; every other name is left out. */
  readonly env: Readonly<Record<string, string>>;
  readonly permissions: ToolRunPermissions;
  readonly limits: ToolRunLimits;
  /** A person accepted that what cannot be kept here is not kept. Without it such a call is refused. */
  readonly acceptsReducedIsolation?: boolean;
  /** Whether somebody wants to know its memory: it is looked at once more when it begins to answer, so that short calls are seen too. */
  readonly measuresMemory?: boolean;
  /** What it is for, for example `tool csv-to-json of task k3v9x2mq`; shown when it is reaped. */
  readonly purpose: string;
  /** The task that it belongs to: a person who stops that task ends it. */
  readonly taskId?: TaskId;
};

/** What a person allowed this tool beyond its own folder. Nothing else is in reach. */
export type ToolRunPermissions = {
  /** Files and folders, absolute, that it may read; links are followed before it starts. */
  readonly read: readonly string[];
  /** The same, that it may also write. */
  readonly write: readonly string[];
  /** `host` means its port 443, `host:port` that one, through a tunnel. Names only, which must lead to public addresses. */
  readonly hosts: readonly string[];
  /** Names of environment variables that it gets. */
  readonly env: readonly string[];
  /** Whether it may start other programs. */
  readonly subprocess: boolean;
};

export type ToolRunLimits = {
  readonly timeoutMs: number;
  /** For every process by itself, and for all of them together. Node alone needs about 100 MB. */
  readonly memoryBytes: number;
  /** Of processor time, for every process. */
  readonly cpuSeconds: number;
  /** Of everything together, threads included. Node alone has about 12. */
  readonly processes: number;
  /** For every file. */
  readonly fileBytes: number;
  /** Of standard output, and the same of standard error. Beyond it the tree is ended. */
  readonly outputBytes: number;
  /** Of all that it writes into its scratch folder; ten times `fileBytes` when it is left out. */
  readonly diskBytes?: number;
};

/** How a call is kept apart from the machine here. */
export type Isolation =
  /** It sees a machine that holds the system's programs, its own folder and what was allowed; kernel calls are filtered. */
  | 'bubblewrap'
  /** Own processes and no network; files are kept from it by Node alone, and so from Node's tools alone. */
  | 'namespaces'
  /** Limits and Node's own checks, nothing else. */
  | 'none';

export type ToolRunLimit = 'memory' | 'processes' | 'cpu' | 'file-size' | 'disk' | 'output';

export type ToolRunResult = {
  /** Null when it did not come to an end of its own. 128 and the number of the signal that ended it, as a shell tells it. */
  readonly exitCode: number | null;
  /** What it printed, as data: nothing in it is to be obeyed. */
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** The signal passed to `run` ended it. */
  readonly aborted: boolean;
  /** It printed more than it may, and was ended; what came before is here. */
  readonly truncated: boolean;
  /** The limit that ended it, where that can be known: a program that is refused may go on by itself. */
  readonly limit?: ToolRunLimit;
  readonly isolation: Isolation;
  /** The most memory that all of it was seen to hold; absent for a call that was over before anybody looked. */
  readonly peakMemoryBytes?: number;
  /** Set when it was refused or could not be started: why, in one line. */
  readonly notStarted?: string;
  readonly durationMs: number;
};

/** Runs built tools, each call in a cell of its own that ends with it, with us, or at the latest at our next start. */
export interface ToolCells {
  /** Found out by running something in a cell, when it is first asked for. */
  isolation(): Promise<Isolation>;
  /** Runs a call to its end within its limits; never rejects. Nothing of it is left when it resolves. */
  run(toolRun: ToolRun, signal?: AbortSignal): Promise<ToolRunResult>;
}
