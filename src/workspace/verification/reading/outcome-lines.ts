import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { TestCounts } from '../../../domain/test-run.ts';
import type { FailedTest } from '../runner.ts';
import { textOf } from './bounded-file.ts';
import { parseJson } from './json.ts';

/** How the names of files with outcome lines end; our own reporters write one for every process. */
export const outcomeFileEnding = '.outcomes';

const maximalFiles = 200;
/** All files together; a reporter limits its messages, so that this is room for a hundred thousand tests. */
const maximalBytes = 16 * 1024 * 1024;

const outcomeSchema = z.object({
  outcome: z.enum(['passed', 'failed', 'skipped', 'listed']),
  name: z.string().default(''),
  message: z.string().default(''),
});

export type Outcomes = {
  readonly counts: TestCounts;
  readonly failedTests: readonly FailedTest[];
  readonly files: number;
};

/**
 * Sums the outcome lines in a folder: one JSON object a line, `passed`, `failed` or `skipped`, or `listed` for something
 * broken that is no test by itself, such as a suite whose hook failed.
 */
export async function readOutcomes(folder: string): Promise<Outcomes> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(outcomeFileEnding)).sort();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const failedTests: FailedTest[] = [];
  let left = maximalBytes;
  for (const name of names.slice(0, maximalFiles)) {
    const text = (await textOf(join(folder, name), left)) ?? '';
    left -= text.length;
    for (const line of text.split('\n')) {
      const parsed = line === '' ? undefined : parseJson(line, outcomeSchema);
      if (!parsed) continue;
      if (parsed.outcome !== 'listed') counts[parsed.outcome] += 1;
      const isBroken = parsed.outcome === 'failed' || parsed.outcome === 'listed';
      if (isBroken && parsed.name !== '') failedTests.push({ name: parsed.name, message: parsed.message });
    }
  }
  return { counts, failedTests, files: names.length };
}
