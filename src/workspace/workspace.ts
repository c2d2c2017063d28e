import type { FileChange } from '../domain/file-change.ts';
import type { TaskId } from '../domain/identifiers.ts';
import type { TestReport } from '../domain/test-run.ts';

/** Why a folder cannot be worked in: one sentence, and what to do instead. */
export type WorkspaceProblem = { readonly problem: string; readonly cure: string };

/** What is in a folder, seen without running anything. */
export type Survey = {
  /** Files by extension, without the dot, in lower case. */
  readonly extensions: Readonly<Record<string, number>>;
  readonly files: number;
};

/** A command that a person configured in place of what would be found. */
export type ConfiguredTests = {
  readonly command: string;
  /** Where it writes a JUnit XML report, relative to the workspace. */
  readonly junit?: string;
};

export type VerificationSetting = {
  readonly configured?: ConfiguredTests;
  readonly timeoutMs: number;
};

export interface Workspaces {
  /** Checks and, where it does not exist yet, makes the folder. Gives back its path after symlinks. */
  open(path: string): Promise<{ readonly path: string } | WorkspaceProblem>;
  survey(workspace: string): Promise<Survey>;
  /** The beginning of the workspace's own instructions for coding agents (CLAUDE.md); undefined when it has none. */
  instructions(workspace: string): Promise<string | undefined>;
  /** Remembers the state of the folder under a name; a name that is already taken keeps what it has. */
  snapshot(workspace: string, task: TaskId, name: string): Promise<void>;
  /** What differs between two snapshots. */
  changes(workspace: string, task: TaskId, before: string, after: string): Promise<FileChange[]>;
  /**
   * Runs the tests that are there, by ourselves.
   *
   * @param changed what the task has touched so far; its projects are the ones that are tested
   */
  verify(
    workspace: string,
    changed: readonly FileChange[],
    setting: VerificationSetting,
    signal: AbortSignal,
  ): Promise<TestReport>;
}

/** The workspace cannot be worked with: no git, too many files, a file that cannot be read. One line, and what to do. */
export class WorkspaceError extends Error {
  override readonly name = 'WorkspaceError';
  readonly cure: string;

  constructor(message: string, cure: string, options?: ErrorOptions) {
    super(message, options);
    this.cure = cure;
  }
}
