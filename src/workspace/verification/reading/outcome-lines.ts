import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { TestCounts, TestResult } from '../../../domain/test-run.ts';
import type { FailedTest } from '../runner.ts';
import { textOf } from './bounded-file.ts';
import { parseJson } from './json.ts';
import { distinct } from './names.ts';

/** How the names of files with outcome lines end; our own reporters write one for every process. */
export const outcomeFileEnding = '.outcomes';

const maximalFiles = 200;
/** All files together; a reporter limits its messages and names, so that this is room for a hundred thousand tests. */
const maximalBytes = 32 * 1024 * 1024;

const outcomeSchema = z.object({
  outcome: z.enum([
    'passed',
    'failed',
    'skipped',
    /** Something broken that is no test by itself, such as a suite whose hook failed. */
    'listed',
    /** A runner has begun: `name` is its program. */
    'began',
    /** It has reported everything. */
    'ended',
    /** It has written a report of its own, `name` in the same folder, with this digest as `message`. */
    'report',
    /** It was told a test file, `file`, and found no test in it. */
    'empty',
    /** `name` takes part in running tests, by the hook `message`. */
    'hook',
    /** `message` says what cannot be. */
    'doubt',
  ]),
  /** What only our own reporters were told. */
  key: z.string().default(''),
  name: z.string().default(''),
  file: z.string().default(''),
  message: z.string().default(''),
});

export type OutcomeLine = z.infer<typeof outcomeSchema>;

export type Outcomes = {
  readonly counts: TestCounts;
  readonly failedTests: readonly FailedTest[];
  readonly tests?: readonly TestResult[];
  /** How many processes have reported. */
  readonly files: number;
  /** Lines of the other kinds. */
  readonly notes: readonly OutcomeLine[];
  readonly doubts: readonly string[];
};

/**
 * Sums the outcome lines in a folder: one JSON object a line. A line without the key was written by somebody else and counts
 * for nothing but suspicion, as does a file whose runner did not come to its end.
 *
 * @param nameOf what a test is called, by its file and its name in it
 */
export async function readOutcomes(
  folder: string,
  key: string,
  nameOf: (line: OutcomeLine) => string,
): Promise<Outcomes> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(outcomeFileEnding)).sort();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const failedTests: FailedTest[] = [];
  const tests: TestResult[] = [];
  const notes: OutcomeLine[] = [];
  const doubts = new Set<string>();
  let unnamed = false;
  let files = 0;
  let left = maximalBytes;
  for (const name of names.slice(0, maximalFiles)) {
    const text = (await textOf(join(folder, name), left)) ?? '';
    left -= text.length;
    const lines = linesOf(text);
    const own = lines.filter((line) => line.key === key);
    if (own.length < lines.length || own.length === 0) doubts.add('somebody else than the test runner wrote results');
    if (own.length > 0) files += 1;
    if (own.length > 0 && !own.some(({ outcome }) => outcome === 'ended'))
      doubts.add('a test runner was ended before it had reported everything');
    for (const line of own) {
      const { outcome, message } = line;
      if (outcome === 'doubt') doubts.add(message);
      if (outcome !== 'passed' && outcome !== 'failed' && outcome !== 'skipped' && outcome !== 'listed') {
        notes.push(line);
        continue;
      }
      if (outcome !== 'listed') counts[outcome] += 1;
      unnamed ||= line.name === '';
      const called = nameOf(line);
      tests.push({ name: called, outcome: outcome === 'listed' ? 'failed' : outcome });
      const isBroken = outcome === 'failed' || outcome === 'listed';
      if (isBroken && message !== '') failedTests.push({ name: line.name, message });
    }
  }
  const named = unnamed || names.length > maximalFiles ? undefined : distinct(tests);
  return { counts, failedTests, ...(named ? { tests: named } : {}), files, notes, doubts: [...doubts] };
}

function linesOf(text: string): OutcomeLine[] {
  return text.split('\n').flatMap((line) => {
    const parsed = line === '' ? undefined : parseJson(line, outcomeSchema);
    return parsed ? [parsed] : [];
  });
}
