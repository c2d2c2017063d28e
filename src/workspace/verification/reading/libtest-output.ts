import type { TestCounts, TestResult } from '../../../domain/test-run.ts';
import type { FailedTest } from '../runner.ts';
import { distinct } from './names.ts';

export type LibtestOutput = {
  readonly counts: TestCounts;
  readonly failedTests: readonly FailedTest[];
  /** Absent when the lines that name tests do not agree with the results. */
  readonly tests?: readonly TestResult[];
  /** How many test programs gave their result. */
  readonly results: number;
  /** How many announced tests and gave none. */
  readonly unfinished: number;
};

type Result = {
  readonly ok: boolean;
  readonly passed: number;
  readonly failed: number;
  readonly ignored: number;
  readonly all: number;
};

/** One test program between `running N tests` and its result. */
type Section = {
  readonly announced: number;
  readonly failing: string[];
  readonly lines: string[];
  inFailures: boolean;
};

/**
 * Sums the results in what `cargo test` printed, which is text because stable Rust has no other form. A line that looks like
 * a result counts only when it agrees with the number of tests announced and with the failures seen before it, so that what a
 * test prints does not count.
 */
export function readLibtestOutput(output: string): LibtestOutput {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const failedTests: FailedTest[] = [];
  const tests: TestResult[] = [];
  let results = 0;
  let unfinished = 0;
  let allNamed = true;
  let section: Section | undefined;

  for (const line of output.split(/\r?\n/)) {
    if (!section) {
      const announced = /^running (\d+) tests?$/.exec(line);
      if (announced) section = { announced: Number(announced[1]), failing: [], lines: [], inFailures: false };
      continue;
    }
    const result = resultIn(line);
    if (result && ends(section, result)) {
      counts.passed += result.passed;
      counts.failed += result.failed;
      counts.skipped += result.ignored;
      results += 1;
      const named = testsIn(section);
      tests.push(...named);
      allNamed &&= agrees(named, result);
      for (const name of section.failing) failedTests.push({ name, message: blockOf(name, section) });
      section = undefined;
      continue;
    }
    if (/^error: test failed, to rerun pass /.test(line)) {
      section = undefined; // The program crashed and gave no result; the next one announces itself anew.
      unfinished += 1;
      continue;
    }
    section.lines.push(line);
    if (line === 'failures:') section.inFailures ||= section.failing.length > 0;
    const failing = section.inFailures ? null : /^test (.+?)(?: - should panic)? \.\.\. .*FAILED$/.exec(line);
    if (failing?.[1]) section.failing.push(failing[1]);
  }
  // One that ended without a result may have ended well: then cargo says nothing, and the next program follows.
  const programs = output.match(/^ {2,}(?:Running (?:unittests |.*\(target|.*\(\/).*|Doc-tests .*)$/gm)?.length ?? 0;
  unfinished = Math.max(unfinished + (section ? 1 : 0), programs - results);
  const named = allNamed ? distinct(tests) : undefined;
  return { counts, failedTests, ...(named ? { tests: named } : {}), results, unfinished };
}

const outcomes: Readonly<Record<string, TestResult['outcome']>> = {
  ok: 'passed',
  FAILED: 'failed',
  ignored: 'skipped',
};

/** Tests by name. Those of the documentation are named by their line, which says nothing about which test it is. */
function testsIn({ lines }: Section): TestResult[] {
  return lines.flatMap((line) => {
    const match = /^test (.+?)(?: - should panic| - compile(?: fail)?)? \.\.\. (ok|FAILED|ignored)(?:,.*)?$/.exec(line);
    const outcome = match?.[2] === undefined ? undefined : outcomes[match[2]];
    return match?.[1] !== undefined && outcome ? [{ name: match[1].replace(/ \(line \d+\)$/, ''), outcome }] : [];
  });
}

function agrees(tests: readonly TestResult[], { passed, failed, ignored }: Result): boolean {
  const count = (wanted: TestResult['outcome']) => tests.filter(({ outcome }) => outcome === wanted).length;
  return count('passed') === passed && count('failed') === failed && count('skipped') === ignored;
}

function ends(section: Section, result: Result): boolean {
  if (result.all !== section.announced) return false;
  if (result.ok) return result.failed === 0 && section.failing.length === 0 && !section.inFailures;
  return result.failed > 0 && result.failed >= section.failing.length;
}

function resultIn(line: string): Result | undefined {
  const match =
    /^test result: (ok|FAILED)\. (\d+) passed; (\d+) failed; (\d+) ignored; (\d+) measured; \d+ filtered out/.exec(
      line,
    );
  if (!match) return undefined;
  const [passed = 0, failed = 0, ignored = 0, measured = 0] = match.slice(2).map(Number);
  return { ok: match[1] === 'ok', passed, failed, ignored, all: passed + failed + ignored + measured };
}

/** What a failing test printed: from its heading to that of the next one, or to the closing list of failures. */
function blockOf(name: string, { lines, failing }: Section): string {
  const start = lines.indexOf(headingOf(name));
  if (start === -1) return '';
  const next = new Set(failing.filter((other) => other !== name).map(headingOf));
  const end = lines.findIndex((line, index) => index > start && next.has(line));
  return lines
    .slice(start + 1, end === -1 ? lines.lastIndexOf('failures:') : end)
    .join('\n')
    .trim();
}

function headingOf(name: string): string {
  return `---- ${name} stdout ----`;
}
