import { join } from 'node:path';
import type { Project } from '../project.ts';
import { textOf } from '../reading/bounded-file.ts';
import { readGoEvents } from '../reading/go-events.ts';
import type { Detect } from '../runner.ts';

const testFileLimitBytes = 1024 * 1024;
const maximalFiles = 5000;

/** `go test` over every package of a module. */
export const go: Detect = async (project) => {
  if (project.kind !== 'go') return undefined;
  return {
    kind: 'suite',
    command: async () => ({ program: 'go', args: ['test', '-json', './...'], shown: 'go test ./...' }),
    async read(_results, result) {
      const { counts, failedTests, events, output } = readGoEvents(result.output, await declaredTests(project));
      return { ...counts, failedTests, evidence: events > 0 ? 'report' : 'none', output };
    },
  };
};

/**
 * The names of all test functions of a module. Before Go 1.20, a test that prints what looks like the result of another one
 * makes `go test -json` report that one, so only what is declared may count. Undefined when there are too many to know.
 */
async function declaredTests({ path, tests }: Project): Promise<ReadonlySet<string> | undefined> {
  if (tests.gap !== undefined || tests.paths.length > maximalFiles) return undefined;
  const names = new Set<string>();
  for (const name of tests.paths) {
    const text = await textOf(join(path, name), testFileLimitBytes);
    if (text === undefined) return undefined;
    for (const match of text.matchAll(/^[ \t]*func[ \t]+((?:Test|Example|Fuzz|Benchmark)\w*)[ \t]*[([]/gm))
      names.add(match[1] ?? '');
  }
  return names;
}
