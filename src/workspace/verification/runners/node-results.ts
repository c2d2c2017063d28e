import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandResult } from '../../../sandbox/sandbox.ts';
import { textOf } from '../reading/bounded-file.ts';
import { jestReportLimitBytes, readJestReport } from '../reading/jest-report.ts';
import { readOutcomes } from '../reading/outcome-lines.ts';
import type { Reading } from '../runner.ts';
import { jestFileEnding } from './node-reporters.ts';

const maximalReports = 50;

/** Sums everything that the runners below one command have reported into a folder. */
export async function readNodeResults(results: string, result: CommandResult): Promise<Reading> {
  const outcomes = await readOutcomes(results);
  const counts = { ...outcomes.counts };
  const failedTests = [...outcomes.failedTests];
  let reports = outcomes.files;
  let testFiles = 0;

  const names = (await readdir(results)).filter((name) => name.endsWith(jestFileEnding));
  for (const name of names.slice(0, maximalReports)) {
    const report = readJestReport((await textOf(join(results, name), jestReportLimitBytes)) ?? '');
    if (!report) continue;
    reports += 1;
    testFiles += report.files;
    counts.passed += report.counts.passed;
    counts.failed += report.counts.failed;
    counts.skipped += report.counts.skipped;
    failedTests.push(...report.failedTests);
  }

  const isEmpty = counts.passed + counts.failed + counts.skipped + testFiles + failedTests.length === 0;
  const saidNone = isEmpty && result.exitCode === 1 && saysThatThereAreNone(result.output);
  return { ...counts, failedTests, evidence: reports > 0 || saidNone ? 'report' : 'none', saidNone };
}

/** jest, vitest and mocha each call it an error when there is nothing to run. */
function saysThatThereAreNone(output: string): boolean {
  return /^(\S*No test files found, exiting with code 1|No tests found, exiting with code 1|Error: No test files found: .*)\S*$/m.test(
    output,
  );
}
