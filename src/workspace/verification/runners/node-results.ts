import { createHash } from 'node:crypto';
import { join, relative } from 'node:path';
import type { TestResult } from '../../../domain/test-run.ts';
import type { CommandResult } from '../../../sandbox/sandbox.ts';
import { textOf } from '../reading/bounded-file.ts';
import { jestReportLimitBytes, readJestReport } from '../reading/jest-report.ts';
import { distinct, nameIn } from '../reading/names.ts';
import { type Outcomes, readOutcomes } from '../reading/outcome-lines.ts';
import type { Reading } from '../runner.ts';
import { argumentReport } from './node-reporters.ts';

const maximalReports = 50;
const testFileLimitBytes = 1024 * 1024;

/**
 * Sums everything that the runners below one command have reported into a folder.
 *
 * @param project absolute, the folder that the command ran in
 */
export async function readNodeResults(
  results: string,
  result: CommandResult,
  { key, project }: { readonly key: string; readonly project: string },
): Promise<Reading> {
  const outcomes = await readOutcomes(results, key, ({ file, name }) => nameIn(project, file, name));
  const counts = { ...outcomes.counts };
  const failedTests = [...outcomes.failedTests];
  const tests: TestResult[] = [...(outcomes.tests ?? [])];
  const doubts = [...outcomes.doubts, ...(await silentFiles(outcomes, project))];
  let reports = outcomes.files;
  let testFiles = 0;

  for (const { name, digest } of reportsOf(outcomes, key)) {
    const text = await textOf(join(results, name), jestReportLimitBytes);
    if (text === undefined) continue;
    if (digest !== undefined && createHash('sha256').update(text).digest('hex') !== digest) {
      doubts.push('a report was changed after its runner had ended');
    }
    const report = readJestReport(text, project);
    if (!report) continue;
    reports += 1;
    testFiles += report.files;
    counts.passed += report.counts.passed;
    counts.failed += report.counts.failed;
    counts.skipped += report.counts.skipped;
    failedTests.push(...report.failedTests);
    tests.push(...report.tests);
  }

  const counted = counts.passed + counts.failed + counts.skipped;
  const named = outcomes.tests ? distinct(tests) : undefined;
  const isEmpty = counted + testFiles + failedTests.length === 0;
  const saidNone = isEmpty && result.exitCode === 1 && saysThatThereAreNone(result.output);
  const runners = outcomes.notes.filter(({ outcome }) => outcome === 'began').map(({ name }) => name);
  return {
    ...counts,
    failedTests,
    ...(named ? { tests: named } : {}),
    evidence: reports > 0 || saidNone ? 'report' : 'none',
    saidNone,
    doubts,
    runners: [...new Set(runners)],
  };
}

type JestFile = { readonly name: string; readonly digest?: string };

/** The reports that a runner of ours vouched for, and the one that was asked for by arguments. */
function reportsOf({ notes }: Outcomes, key: string): JestFile[] {
  const vouched = notes
    .filter(({ outcome, name }) => outcome === 'report' && /^[\w-]+\.jest\.json$/.test(name))
    .map(({ name, message }): JestFile => ({ name, digest: message }));
  return [...vouched.slice(0, maximalReports), { name: argumentReport(key) }];
}

/** Test files of node:test that hold tests and reported none: their process ended itself before. */
async function silentFiles({ notes }: Outcomes, project: string): Promise<string[]> {
  const doubts: string[] = [];
  for (const { file } of notes.filter(({ outcome }) => outcome === 'empty').slice(0, 1000)) {
    const text = (await textOf(file, testFileLimitBytes)) ?? '';
    if (!/['"]node:test['"]/.test(text) || !/\b(?:test|it|describe|suite)\s*(?:\.\s*\w+\s*)?\(/.test(text)) continue;
    doubts.push(`${relative(project, file)} holds tests and reported none: it ended itself before`);
  }
  return doubts;
}

/** jest, vitest and mocha each call it an error when there is nothing to run. */
function saysThatThereAreNone(output: string): boolean {
  return /^(\S*No test files found, exiting with code 1|No tests found, exiting with code 1|Error: No test files found: .*)\S*$/m.test(
    output,
  );
}
