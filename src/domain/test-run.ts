/** Tests counted by a runner's own machine-readable report, or zeros when there was none. */
export type TestCounts = { readonly passed: number; readonly failed: number; readonly skipped: number };

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
};

/** Tests that are there and that this machine cannot run, for example because the runner is not installed. */
export type TestsNotRun = { readonly directory: string; readonly reason: string };

/** What a verification found: every run, and every suite that could not be run. Both empty means that no tests were found. */
export type TestReport = { readonly runs: readonly TestRun[]; readonly notRun: readonly TestsNotRun[] };

export type Verdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'no-tests'; readonly reason: string }
  | { readonly kind: 'not-run'; readonly reason: string };

/** Judges a report. Only `passed` is proof; a run that counted nothing, or only skipped tests, is never passed. */
export function judge(report: TestReport): Verdict {
  if (report.runs.some(isRed)) return { kind: 'failed' };
  const missing = report.notRun[0];
  if (missing) return { kind: 'not-run', reason: missing.reason };
  if (report.runs.length === 0) return { kind: 'no-tests', reason: 'no tests were found' };
  if (report.runs.some((run) => run.evidence === 'exit-code')) return { kind: 'passed' };
  const counted = total(report.runs);
  if (counted.passed > 0) return { kind: 'passed' };
  if (counted.skipped > 0) return { kind: 'no-tests', reason: `all ${counted.skipped} tests were skipped` };
  const uncounted = report.runs.find((run) => run.evidence === 'none');
  if (uncounted) return { kind: 'no-tests', reason: `\`${uncounted.command}\` gave no count of its tests` };
  return { kind: 'no-tests', reason: 'the test command ran no tests' };
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

/** A run that is proof of something broken: a failed test, an exit code that is not 0, or time that ran out. */
export function isRed(run: TestRun): boolean {
  return run.failed > 0 || run.exitCode !== 0 || run.timedOut;
}
