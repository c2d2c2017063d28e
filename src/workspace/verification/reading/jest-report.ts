import * as z from 'zod';
import type { TestCounts } from '../../../domain/test-run.ts';
import type { FailedTest } from '../runner.ts';
import { parseJson } from './json.ts';

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
  /** Test files that the runner looked at, also those it could not load. */
  readonly files: number;
};

/** Reads the JSON report of jest, which vitest writes as well; undefined for anything else. */
export function readJestReport(text: string): JestReport | undefined {
  const report = parseJson(text, reportSchema);
  if (!report) return undefined;
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const failedTests: FailedTest[] = [];
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed') counts.passed += 1;
      else if (test.status === 'failed') {
        counts.failed += 1;
        failedTests.push({ name: test.fullName, message: (test.failureMessages ?? []).join('\n') });
      } else counts.skipped += 1;
    }
    const didNotLoad = file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed');
    if (didNotLoad) failedTests.push({ name: file.name, message: file.message });
  }
  return { counts, failedTests, files: report.testResults.length };
}
