import { relative } from 'node:path';
import type { TestResult } from '../../../domain/test-run.ts';

/** More tests than this are not kept by name. */
const maximalNames = 20_000;

const longestName = 500;

/** Tests with names of which none stands twice: the second of a name ends in ` (2)`. Undefined when there are too many. */
export function distinct(tests: readonly TestResult[]): TestResult[] | undefined {
  if (tests.length > maximalNames) return undefined;
  const seen = new Map<string, number>();
  return tests.map(({ name, outcome }) => {
    const short = name.slice(0, longestName);
    const count = (seen.get(short) ?? 0) + 1;
    seen.set(short, count);
    return { name: count === 1 ? short : `${short} (${count})`, outcome };
  });
}

/** What a test is called in a project: its file, its suites and its own name. */
export function nameIn(project: string, file: string, ...parts: readonly string[]): string {
  const shown = file.startsWith('/') ? relative(project, file) : file;
  return [shown, ...parts].filter((part) => part !== '').join(' > ');
}
