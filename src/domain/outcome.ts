import { type Contradiction, contradictionsIn } from './claim.ts';
import type { SpiralEvent } from './event.ts';
import { type CodeChange, type FileChange, foldChanges } from './file-change.ts';
import { codeAndTests, type Quality, type QualityFacts, qualityOf } from './quality.ts';
import type { MissingTests } from './test-comparison.ts';
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
  /** Where the claim differs from what was observed; absent when it does not, or when nothing was claimed. */
  readonly contradictions?: readonly Contradiction[];
  /** Everything that was changed, from git; absent when it was not asked for. */
  readonly changes?: readonly CodeChange[];
  /** Our test run before the first round; absent when there was none. */
  readonly baseline?: TestOutcome;
  /** Tests that ran before and, after the last round, are gone or skipped; absent when there are none. */
  readonly missingTests?: readonly MissingTests[];
  readonly quality?: Quality;
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
 * @param claim the model's own closing words
 * @param codeChanges from the state before the task to the one after it
 */
export function outcomeOf(
  events: readonly SpiralEvent[],
  ending: Ending,
  at: number,
  claim?: string,
  codeChanges?: readonly CodeChange[],
): TaskOutcome {
  const changes = foldChanges(events.filter((event) => event.type === 'file.changed'));
  const tests = outcomeOfRuns(afterLastRound(events).filter(isOwnRun));
  const baseline = outcomeOfRuns(events.filter((event) => event.type === 'tests.ran' && event.baseline === true));
  const commands = events.filter((event) => event.type === 'command.ran').map(commandOf);
  const missingTests = afterLastRound(events).flatMap((event) =>
    event.type === 'tests.missing' ? [missingOf(event)] : [],
  );
  const contradictions = claim
    ? contradictionsIn(claim, {
        changes,
        tests,
        testsSeen: testsSeenIn(events),
        commands: commands.map(({ command }) => command),
      })
    : [];
  const started = events.find((event) => event.type === 'task.accepted');
  const promptsUsed = events.filter((event) => event.type === 'prompt.spent').length;
  const facts: QualityFacts = {
    verified: ending.verified,
    ...(tests ? { tests } : {}),
    ...(codeChanges ? { changes: codeAndTests(codeChanges) } : {}),
    ...keptOf(events, missingTests),
    commands: lastCommands(commands),
    rounds: promptsUsed,
    ...(claim ? { contradictions: contradictions.length } : {}),
  };
  return {
    ...ending,
    filesCreated: pathsOf(changes, 'created'),
    filesModified: pathsOf(changes, 'modified'),
    filesDeleted: pathsOf(changes, 'deleted'),
    commands,
    tests,
    costUsd: sum(events.map((event) => (event.type === 'engine.finished' ? event.costUsd : 0))),
    promptsUsed,
    durationMs: started ? Math.max(0, at - Date.parse(started.at)) : 0,
    summary: summaryOf(changes, tests),
    ...(claim ? { claim } : {}),
    ...(contradictions.length > 0 ? { contradictions } : {}),
    ...(codeChanges ? { changes: codeChanges } : {}),
    ...(baseline ? { baseline } : {}),
    ...(missingTests.length > 0 ? { missingTests } : {}),
    quality: qualityOf(facts),
  };
}

type OwnRun = SpiralEvent & { readonly type: 'tests.ran' };

function isOwnRun(event: SpiralEvent): event is OwnRun {
  return event.type === 'tests.ran' && event.by === 'spiral' && event.baseline !== true;
}

function afterLastRound(events: readonly SpiralEvent[]): readonly SpiralEvent[] {
  return events.slice(events.findLastIndex((event) => event.type === 'engine.started') + 1);
}

function outcomeOfRuns(events: readonly SpiralEvent[]): TestOutcome | null {
  const runs = events.filter((event) => event.type === 'tests.ran');
  return runs.length === 0 ? null : { ...total(runs), commands: runs.map((run) => run.command) };
}

/** The most tests that one command of the agent printed. */
function testsSeenIn(events: readonly SpiralEvent[]): number {
  const seen = events.flatMap((event) =>
    event.type === 'tests.ran' && event.by === 'agent' ? [event.passed + event.failed + event.skipped] : [],
  );
  return Math.max(0, ...seen);
}

function missingOf({ how, count, tests }: SpiralEvent & { readonly type: 'tests.missing' }): MissingTests {
  return { how, count, tests };
}

/** Known when our own tests ran at least twice: before the task, or after an earlier round. */
function keptOf(events: readonly SpiralEvent[], missing: readonly MissingTests[]): Pick<QualityFacts, 'kept'> {
  const ran: number[] = [];
  let since: OwnRun[] = [];
  for (const event of events) {
    if (event.type === 'tests.ran' && event.by === 'spiral') since.push(event);
    if (event.type !== 'engine.started') continue;
    if (since.length > 0) ran.push(ranOf(since));
    since = [];
  }
  if (ran.length === 0) return {};
  const gone = missing.reduce((all, { count }) => all + count, 0);
  return { kept: { before: Math.max(gone, ...ran), missing: gone } };
}

function ranOf(runs: readonly OwnRun[]): number {
  const { passed, failed } = total(runs);
  return passed + failed;
}

/** Of every different command, how it ended the last time. */
function lastCommands(commands: readonly CommandOutcome[]): { readonly different: number; readonly failing: number } {
  const last = new Map(commands.map(({ command, success }) => [command, success]));
  return { different: last.size, failing: [...last.values()].filter((success) => !success).length };
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
