import { compareTests, isRedAsBefore, type MissingTests, type TestsBefore } from './test-comparison.ts';

/** Tests counted by a runner's own machine-readable report, or zeros when there was none. */
export type TestCounts = { readonly passed: number; readonly failed: number; readonly skipped: number };

/**
 * One test as its runner reports it; `name` is unique within the run as far as the runner's names are. The name of a test in
 * a project below the workspace begins with the folder of the project and `/: `. Something broken that is no test by itself,
 * such as a file that does not load, stands among the tests as failed.
 */
export type TestResult = { readonly name: string; readonly outcome: 'passed' | 'failed' | 'skipped' };

/** One run of one test command, by Spiral itself, after the model had finished. */
export type TestRun = TestCounts & {
  /** As a person would type it in `directory`. */
  readonly command: string;
  /** Relative to the workspace; `.` is the workspace itself. */
  readonly directory: string;
  /** Null when the command was ended by a signal, for example after its time was up. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  /** `report`: the counts were read from the runner. `exit-code`: a configured command that wrote no report. `none`: no proof that any test ran. */
  readonly evidence: 'report' | 'exit-code' | 'none';
  /** Everything the command printed, up to the limit of the sandbox. */
  readonly output: string;
  /** Every test by its name; absent when the report does not name them all, or names more than 20,000. */
  readonly tests?: readonly TestResult[];
  /** Why its report is not believed, for example because the runner itself was replaced. */
  readonly distrusted?: string;
  /** What the run used too much of, when that is why it ended. */
  readonly limit?: RunLimit;
};

export type RunLimit = 'memory' | 'processes' | 'file-size';

/** Tests that are there and that this machine cannot run, for example because the runner is not installed. */
export type TestsNotRun = { readonly directory: string; readonly reason: string };

/** What a verification found: every run, and every suite that could not be run. Both empty means that no tests were found. */
export type TestReport = {
  readonly runs: readonly TestRun[];
  readonly notRun: readonly TestsNotRun[];
  /** Folders in which tests would have been run if there were any; absent means the whole workspace. */
  readonly lookedAt?: readonly string[];
};

/** Only `passed` is proof. */
export type Verdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'no-tests'; readonly reason: string }
  | { readonly kind: 'not-run'; readonly reason: string }
  /** Green, but there is a reason not to believe what a runner reports. */
  | { readonly kind: 'distrusted'; readonly reason: string }
  /** Green, but tests that ran before are gone or skipped now. It may be what the task asked for: a person has to judge. */
  | { readonly kind: 'weakened'; readonly reason: string; readonly missing: readonly MissingTests[] };

/** What is remembered of the same workspace: before the task, and after each of its earlier rounds. */
export type Memory = { readonly baseline?: TestsBefore; readonly earlier?: readonly TestsBefore[] };

/**
 * Judges a report. What was red in the baseline and is red in the same way does not block; everything else that is red
 * does. A run that counted nothing, or only skipped tests, is never passed, and neither is one that is distrusted.
 */
export function judge(report: TestReport, { baseline, earlier = [] }: Memory = {}): Verdict {
  if (report.runs.some((run) => isRed(run) && !(baseline && isRedAsBefore(run, baseline)))) return { kind: 'failed' };
  const missing = report.notRun[0];
  if (missing) return { kind: 'not-run', reason: missing.reason };
  const doubt = report.runs.find((run) => run.distrusted !== undefined);
  if (doubt?.distrusted !== undefined) return { kind: 'distrusted', reason: doubt.distrusted };
  const weakened = missingSince(report, [...(baseline ? [baseline] : []), ...earlier]);
  if (weakened.length > 0) return { kind: 'weakened', reason: weakened.map(inWords).join('; '), missing: weakened };
  return proofIn(report.runs);
}

function proofIn(runs: readonly TestRun[]): Verdict {
  if (runs.length === 0) return { kind: 'no-tests', reason: 'no tests were found' };
  // A run without a count next to one that has them: whatever it was to prove is unproved.
  const uncounted = runs.find((run) => run.evidence === 'none');
  if (uncounted) return { kind: 'no-tests', reason: `\`${uncounted.command}\` gave no count of its tests` };
  if (runs.some((run) => run.evidence === 'exit-code')) return { kind: 'passed' };
  const counted = total(runs);
  if (counted.passed > 0) return { kind: 'passed' };
  if (counted.skipped > 0) return { kind: 'no-tests', reason: `all ${counted.skipped} tests were skipped` };
  return { kind: 'no-tests', reason: 'the test command ran no tests' };
}

/**
 * The tests that ran at any earlier time and are gone or skipped now, told once each, in the shape of the event
 * `tests.missing`. A test that was moved into another file and still passes there is not missing.
 */
export function missingSince(report: TestReport, before: readonly TestsBefore[]): MissingTests[] {
  const comparisons = before.map((tests) => compareTests(tests, report));
  return (['disappeared', 'skipped'] as const).flatMap((how) => {
    const kinds = comparisons.map((comparison) => comparison[how]);
    const tests = [...new Set(kinds.flatMap(({ tests }) => tests))];
    const count = Math.max(tests.length, ...kinds.map(({ count }) => count));
    return count > 0 ? [{ how, count, tests }] : [];
  });
}

function inWords({ how, count, tests }: MissingTests): string {
  const ran = count === 1 ? '1 test that ran before' : `${count} tests that ran before`;
  const now = how === 'disappeared' ? 'not run any more' : 'skipped now';
  const named = tests.length === 0 ? '' : ` (${tests.slice(0, 3).join(', ')}${tests.length > 3 ? ', …' : ''})`;
  return `${ran} ${count === 1 ? 'is' : 'are'} ${now}${named}`;
}

/** The sum over several runs. */
export function total(runs: readonly TestCounts[]): TestCounts {
  return runs.reduce<TestCounts>(
    (sum, run) => ({
      passed: sum.passed + run.passed,
      failed: sum.failed + run.failed,
      skipped: sum.skipped + run.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** A run that is proof of something broken: a failed test, an exit code that is not 0, time or room that ran out. */
export function isRed(run: TestRun): boolean {
  return run.failed > 0 || run.exitCode !== 0 || run.timedOut || run.limit !== undefined;
}
