import type { SpiralEvent } from './event.ts';
import { type FileChange, foldChanges } from './file-change.ts';
import { total } from './test-run.ts';

export type TaskStatus = 'succeeded' | 'failed' | 'cancelled' | 'timed-out' | 'out-of-budget';

export type CommandOutcome = {
  readonly command: string;
  readonly exitCode: number | null;
  readonly success: boolean;
  readonly error?: string;
};

/** Our own last test run; `runs` names the commands. */
export type TestOutcome = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly commands: readonly string[];
};

/** What a task came to, from recorded events alone. */
export type TaskOutcome = {
  readonly status: TaskStatus;
  /** True only when our own test run after the last round was green. */
  readonly verified: boolean;
  /** Why it did not succeed, or why it could not be verified. */
  readonly reason?: string;
  readonly filesCreated: readonly string[];
  readonly filesModified: readonly string[];
  readonly filesDeleted: readonly string[];
  readonly commands: readonly CommandOutcome[];
  readonly tests: TestOutcome | null;
  readonly costUsd: number;
  readonly promptsUsed: number;
  /** From acceptance to the end. */
  readonly durationMs: number;
  /** One observed sentence. */
  readonly summary: string;
  /** The model's own closing words: a claim, never checked. */
  readonly claim?: string;
};

/** How the last step ended; the rest of the outcome is read from the events. */
export type Ending = {
  readonly status: TaskStatus;
  readonly verified: boolean;
  readonly reason?: string;
};

/**
 * Builds the outcome of one task.
 *
 * @param events every event of the task, in order
 * @param at when it ended, in milliseconds since the epoch
 */
export function outcomeOf(events: readonly SpiralEvent[], ending: Ending, at: number, claim?: string): TaskOutcome {
  const changes = foldChanges(events.filter((event) => event.type === 'file.changed'));
  const tests = lastTests(events);
  const started = events.find((event) => event.type === 'task.accepted');
  return {
    ...ending,
    filesCreated: pathsOf(changes, 'created'),
    filesModified: pathsOf(changes, 'modified'),
    filesDeleted: pathsOf(changes, 'deleted'),
    commands: events.filter((event) => event.type === 'command.ran').map(commandOf),
    tests,
    costUsd: sum(events.map((event) => (event.type === 'engine.finished' ? event.costUsd : 0))),
    promptsUsed: events.filter((event) => event.type === 'prompt.spent').length,
    durationMs: started ? Math.max(0, at - Date.parse(started.at)) : 0,
    summary: summaryOf(changes, tests),
    ...(claim ? { claim } : {}),
  };
}

function lastTests(events: readonly SpiralEvent[]): TestOutcome | null {
  const lastRound = events.findLastIndex((event) => event.type === 'engine.started');
  const runs = events
    .slice(lastRound + 1)
    .filter((event) => event.type === 'tests.ran')
    .filter((event) => event.by === 'spiral');
  return runs.length === 0 ? null : { ...total(runs), commands: runs.map((run) => run.command) };
}

function commandOf(event: SpiralEvent & { type: 'command.ran' }): CommandOutcome {
  const { command, exitCode, success, error } = event;
  return { command, exitCode, success, ...(error === undefined ? {} : { error }) };
}

function pathsOf(changes: readonly FileChange[], wanted: FileChange['change']): string[] {
  return changes.filter(({ change }) => change === wanted).map(({ path }) => path);
}

function summaryOf(changes: readonly FileChange[], tests: TestOutcome | null): string {
  const count = (wanted: FileChange['change']) => {
    const paths = pathsOf(changes, wanted);
    return paths.length === 0 ? [] : [`${paths.length} ${paths.length === 1 ? 'file' : 'files'} ${wanted}`];
  };
  const files = [...count('created'), ...count('modified'), ...count('deleted')];
  const ran = tests ? `${tests.passed} tests passed, ${tests.failed} failed` : 'no tests were run';
  return `${files.length === 0 ? 'no files changed' : files.join(', ')}; ${ran}`;
}

function sum(numbers: readonly number[]): number {
  return Math.round(numbers.reduce((total, number) => total + number, 0) * 1e6) / 1e6;
}
