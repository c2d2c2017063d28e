import type { CodeChange, FileChange } from '../domain/file-change.ts';
import type { TaskId } from '../domain/identifiers.ts';
import type { MergeResult } from '../domain/merge-result.ts';
import type { Repository } from '../domain/task.ts';
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
  /** What every process of a test run may use. */
  readonly memoryBytes: number;
  readonly processes: number;
};

/** How a fresh worktree is made usable. */
export type SetupSetting = {
  /** Run once in the worktree, for example `npm ci`. */
  readonly command?: string;
  /** Files of the repository that are not in git and are copied, for example `.env`; relative to its root. */
  readonly copy: readonly string[];
  readonly timeoutMs: number;
};

/** Work on a branch of an existing repository, in a worktree under the state root. The repository's own index, working tree and uncommitted changes are never touched. */
export interface Worktrees {
  /** Where the worktree of a task would lie, and what it would begin at; nothing is made yet. */
  plan(
    repository: string,
    task: TaskId,
  ): Promise<{ readonly workspace: string; readonly repository: Repository } | WorkspaceProblem>;
  /** Makes the worktree and runs the setup; safe to repeat after a kill. Gives back what the setup printed. */
  make(
    workspace: string,
    repository: Repository,
    task: TaskId,
    setup: SetupSetting,
    signal: AbortSignal,
  ): Promise<{ readonly setup?: { readonly exitCode: number | null; readonly output: string } }>;
  /** Commits what a finished round left, so that the branch holds the work. False when nothing had changed. */
  commit(workspace: string, repository: Repository, message: string): Promise<boolean>;
  /** The whole work as a unified diff against the base. */
  diff(workspace: string, repository: Repository): Promise<string>;
  /** Merges the branch into what the repository has checked out. Refuses a dirty target and conflicts. */
  merge(workspace: string, repository: Repository, message: string): Promise<MergeResult>;
  /** Deletes worktree and branch. */
  discard(workspace: string, repository: Repository): Promise<void>;
}

/** A git history of our own in a folder that was empty when a project began: one commit for each phase. */
export interface Histories {
  /**
   * Makes a git repository in the folder when it holds nothing yet. `ours`: it may be committed to, now or because an
   * earlier project began it; otherwise the folder is a person's own and its history is not touched.
   */
  begin(workspace: string): Promise<'ours' | 'not-ours'>;
  /**
   * Commits a state that was remembered, on the branch that is checked out. Nothing that the workspace brings with it is
   * run: no hook, no filter, no configured program. Undefined when nothing had changed. Safe to repeat after a kill: the
   * commit that was made of the same state with the same message is found again.
   */
  commit(workspace: string, task: TaskId, state: string, message: string): Promise<string | undefined>;
}

/** A file that came with a task, under the name that it was sent with. */
export type AttachedFile = { readonly name: string; readonly content: Uint8Array };

/** Files that came with tasks. Until the work begins they wait under the state root. */
export interface Attachments {
  /**
   * Keeps files, under names that are made safe; gives back the paths that they will have inside the workspace. Deleted with
   * what is kept of the task.
   */
  keep(task: TaskId, files: readonly AttachedFile[]): Promise<string[]>;
  /**
   * Puts what was kept into the workspace, where its git does not see it. Never through a link. Safe to repeat after a kill.
   * Throws `WorkspaceError`.
   */
  put(workspace: string, task: TaskId): Promise<void>;
  /** For a task that came to nothing. */
  discard(task: TaskId): Promise<void>;
}

export interface Workspaces {
  /** Checks and, where it does not exist yet, makes the folder. Gives back its path after symlinks. */
  open(path: string): Promise<{ readonly path: string } | WorkspaceProblem>;
  /** The folder of a task for which none was named, under the state root; it stays as long as a task that worked in it is known. */
  readonly own: {
    open(task: TaskId): Promise<{ readonly path: string }>;
    /** For a task that came to nothing. */
    discard(task: TaskId): Promise<void>;
  };
  readonly attachments: Attachments;
  survey(workspace: string): Promise<Survey>;
  /** The beginning of the workspace's own instructions for coding agents (CLAUDE.md); undefined when it has none. */
  instructions(workspace: string): Promise<string | undefined>;
  /** Files of the workspace, relative, sorted, what git ignores left out; at most `limit` of them, and how many there are. */
  listing(workspace: string, limit: number): Promise<{ readonly paths: readonly string[]; readonly files: number }>;
  /** Whether a path inside the workspace, after symlinks, is a file that is not empty; with a line: one that long. */
  hasFile(workspace: string, path: string, line?: number): Promise<boolean>;
  /**
   * The bytes of a file of the workspace; links are followed as long as they stay inside.
   *
   * @param mostBytes a larger one is not read
   */
  contents(
    workspace: string,
    path: string,
    mostBytes: number,
  ): Promise<
    | { readonly kind: 'file'; readonly content: Uint8Array }
    | { readonly kind: 'too-large' }
    | { readonly kind: 'no-file' }
  >;
  /** Remembers the state of the folder under a name; a name that is already taken keeps what it has. */
  snapshot(workspace: string, task: TaskId, name: string): Promise<void>;
  /** What differs between two snapshots. */
  changes(workspace: string, task: TaskId, before: string, after: string): Promise<FileChange[]>;
  /** The same with lines and languages. */
  codeChanges(workspace: string, task: TaskId, before: string, after: string): Promise<CodeChange[]>;
  /** The same as a unified diff of text files, at most `characters` long; what is left out is said. */
  diff(workspace: string, task: TaskId, before: string, after: string, characters: number): Promise<string>;
  readonly worktrees: Worktrees;
  readonly histories: Histories;
  /**
   * Runs the tests that are there, by ourselves, confined to the workspace where that can be done.
   *
   * @param changed what the task has touched so far; its projects are the ones that are tested. `everything`: all projects
   */
  verify(
    workspace: string,
    task: TaskId,
    changed: readonly FileChange[] | 'everything',
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
