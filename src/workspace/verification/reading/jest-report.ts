import * as z from 'zod';
import type { TestCounts, TestResult } from '../../../domain/test-run.ts';
import type { FailedTest } from '../runner.ts';
import { parseJson } from './json.ts';
import { nameIn } from './names.ts';

export const jestReportLimitBytes = 32 * 1024 * 1024;

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string().default('a test file'),
      status: z.string().optional(),
      message: z.string().default(''),
      assertionResults: z.array(
        z.object({
          fullName: z.string().default('a test without a name'),
          ancestorTitles: z.array(z.string()).nullish(),
          title: z.string().nullish(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

export type JestReport = {
  readonly counts: TestCounts;
  readonly failedTests: readonly FailedTest[];
  /** Files that did not load among them; names may stand twice. */
  readonly tests: readonly TestResult[];
  /** Test files that the runner looked at, also those it could not load. */
  readonly files: number;
};

/**
 * Reads the JSON report of jest, which vitest writes as well; undefined for anything else.
 *
 * @param project the folder that names of files begin at
 */
export function readJestReport(text: string, project: string): JestReport | undefined {
  const report = parseJson(text, reportSchema);
  if (!report) return undefined;
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const failedTests: FailedTest[] = [];
  const tests: TestResult[] = [];
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      const outcome = test.status === 'passed' || test.status === 'failed' ? test.status : 'skipped';
      counts[outcome] += 1;
      const title = test.title ? [...(test.ancestorTitles ?? []), test.title] : [test.fullName];
      tests.push({ name: nameIn(project, file.name, ...title), outcome });
      if (outcome === 'failed')
        failedTests.push({ name: test.fullName, message: (test.failureMessages ?? []).join('\n') });
    }
    const didNotLoad = file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed');
    if (!didNotLoad) continue;
    failedTests.push({ name: file.name, message: file.message });
    tests.push({ name: nameIn(project, file.name), outcome: 'failed' });
  }
  return { counts, failedTests, tests, files: report.testResults.length };
}
