import type { TestCounts, TestReport, TestResult, TestRun } from './test-run.ts';

/** What is remembered of one run, for example from its `tests.ran`. */
export type RunBefore = TestCounts & {
  readonly command: string;
  /** Unknown when absent; then the command alone tells which run it was. */
  readonly directory?: string;
  readonly exitCode: number | null;
};

/** The tests of a workspace at an earlier time. */
export type TestsBefore = {
  readonly runs: readonly RunBefore[];
  /** Of all runs together; absent when one of them did not name its tests. */
  readonly tests?: readonly TestResult[];
};

/** In the shape of the event `tests.missing`; `tests` is empty when only numbers are known. */
export type MissingTests = {
  readonly how: 'disappeared' | 'skipped';
  readonly count: number;
  readonly tests: readonly string[];
};

export type TestComparison = {
  /** Passed or failed before, and not run at all now. */
  readonly disappeared: MissingTests;
  /** Passed or failed before, and skipped now. */
  readonly skipped: MissingTests;
  /** Failed now and not before. Known by name only. */
  readonly newRed: readonly string[];
  /** Failed before, and still. */
  readonly stillRed: readonly string[];
};

/** The tests of a report by name, as they are remembered; undefined when one of its runs does not name them. */
function testsOf({ runs }: Pick<TestReport, 'runs'>): TestResult[] | undefined {
  const named = runs.map(({ tests }) => tests);
  return named.every((tests) => tests !== undefined) ? named.flat() : undefined;
}

/** A report as it is remembered for later comparisons. */
export function remember(report: Pick<TestReport, 'runs'>): TestsBefore {
  const tests = testsOf(report);
  return {
    runs: report.runs.map(({ command, directory, exitCode, passed, failed, skipped }) => ({
      command,
      directory,
      exitCode,
      passed,
      failed,
      skipped,
    })),
    ...(tests ? { tests } : {}),
  };
}

/**
 * Compares by names, and by numbers where names are missing on either side. What lies outside of the folders that the
 * report looked at is not compared.
 */
export function compareTests(before: TestsBefore, report: TestReport): TestComparison {
  const now = testsOf(report);
  const names = allNames(before);
  return names && now ? compareNames(names, now, report) : compareNumbers(before.runs, report);
}

/** Names that are fewer than what was counted are those of some runs only. */
function allNames({ runs, tests }: TestsBefore): readonly TestResult[] | undefined {
  const counted = runs.reduce((sum, { passed, failed }) => sum + passed + failed, 0);
  return tests && tests.filter(({ outcome }) => outcome !== 'skipped').length >= counted ? tests : undefined;
}

function compareNames(
  before: readonly TestResult[],
  now: readonly TestResult[],
  { lookedAt }: TestReport,
): TestComparison {
  const outcomes = new Map(now.map(({ name, outcome }) => [name, outcome]));
  const failedBefore = new Set(namesOf(before, 'failed'));
  const moved = movedTitles(before, now);
  const wasSeen = (name: string) => lookedAt === undefined || lookedAt.includes(directoryOf(name));
  const ran = before.filter(({ name, outcome }) => outcome !== 'skipped' && wasSeen(name));
  const absent = ran.filter(({ name }) => !outcomes.has(name)).filter((test) => !moved(test));
  const skipped = ran.filter(({ name }) => outcomes.get(name) === 'skipped');
  const failedNow = namesOf(now, 'failed');
  return {
    disappeared: missing('disappeared', absent),
    skipped: missing('skipped', skipped),
    newRed: failedNow.filter((name) => !failedBefore.has(name)),
    stillRed: failedNow.filter((name) => failedBefore.has(name)),
  };
}

/** A test that is gone from one file and passes, under the same name and for the first time, in another one was moved. */
function movedTitles(before: readonly TestResult[], now: readonly TestResult[]): (test: TestResult) => boolean {
  const known = new Set(before.map(({ name }) => name));
  const arrived = new Map<string, number>();
  for (const { name, outcome } of now) {
    const title = titleOf(name);
    if (outcome === 'passed' && title !== undefined && !known.has(name))
      arrived.set(title, (arrived.get(title) ?? 0) + 1);
  }
  return ({ name }) => {
    const title = titleOf(name);
    const left = title === undefined ? 0 : (arrived.get(title) ?? 0);
    if (title === undefined || left === 0) return false;
    arrived.set(title, left - 1);
    return true;
  };
}

/** The name without the file that it begins with. */
function titleOf(name: string): string | undefined {
  const end = name.indexOf(' > ');
  return end === -1 ? undefined : name.slice(end);
}

/** The folder of the project that a test belongs to. */
function directoryOf(name: string): string {
  const end = name.indexOf('/: ');
  const file = name.indexOf(' > ');
  return end === -1 || (file !== -1 && file < end) ? '.' : name.slice(0, end);
}

function compareNumbers(before: readonly RunBefore[], { runs, lookedAt }: TestReport): TestComparison {
  let disappeared = 0;
  let skipped = 0;
  for (const run of before) {
    const { directory } = run;
    if (directory !== undefined && lookedAt !== undefined && !lookedAt.includes(directory)) continue;
    const now = runs.find((candidate) => isSameRun(run, candidate)) ?? { passed: 0, failed: 0, skipped: 0 };
    const fewer = Math.max(0, run.passed + run.failed - now.passed - now.failed);
    const nowSkipped = Math.min(fewer, Math.max(0, now.skipped - run.skipped));
    skipped += nowSkipped;
    disappeared += fewer - nowSkipped;
  }
  return {
    disappeared: { how: 'disappeared', count: disappeared, tests: [] },
    skipped: { how: 'skipped', count: skipped, tests: [] },
    newRed: [],
    stillRed: [],
  };
}

/**
 * Whether a red run is red for nothing that was not red in the baseline. One that was ended by a signal, or by a limit of
 * time or room, never is: nobody knows what it would have shown.
 */
export function isRedAsBefore(run: TestRun, baseline: TestsBefore): boolean {
  if (run.timedOut || run.exitCode === null || run.limit !== undefined) return false;
  const names = allNames(baseline);
  const failed = run.tests && names ? namesOf(run.tests, 'failed') : [];
  if (failed.length > 0) {
    const failedBefore = new Set(namesOf(names ?? [], 'failed'));
    return failed.length >= run.failed && failed.every((name) => failedBefore.has(name));
  }
  const before = baseline.runs.find((candidate) => isSameRun(candidate, run));
  if (!before || (before.failed === 0 && before.exitCode === 0)) return false;
  // Without a broken test it is red for a reason that no report tells, which must then have been so before.
  return run.failed <= before.failed && (run.failed > 0 || before.failed === 0);
}

function isSameRun(before: RunBefore, { command, directory }: Pick<TestRun, 'command' | 'directory'>): boolean {
  return before.command === command && (before.directory === undefined || before.directory === directory);
}

function namesOf(tests: readonly TestResult[], wanted: TestResult['outcome']): string[] {
  return tests.filter(({ outcome }) => outcome === wanted).map(({ name }) => name);
}

function missing(how: MissingTests['how'], tests: readonly TestResult[]): MissingTests {
  return { how, count: tests.length, tests: tests.map(({ name }) => name) };
}
