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
      const declared = await declaredTests(project);
      const { counts, failedTests, tests, events, output } = readGoEvents(result.output, declared?.all);
      const ran = new Set((tests ?? []).map(({ name }) => name.split(' ').at(1)?.split('/')[0] ?? ''));
      const silent = tests ? [...(declared?.always ?? [])].filter((name) => !ran.has(name)) : [];
      return {
        ...counts,
        failedTests,
        ...(tests ? { tests } : {}),
        evidence: events > 0 ? 'report' : 'none',
        output,
        doubts: silent.length > 0 ? [`${some(silent)} was declared and did not run`] : [],
      };
    },
  };
};

/**
 * The names of all test functions of a module. Before Go 1.20, a test that prints what looks like the result of another one
 * makes `go test -json` report that one, so only what is declared may count. Undefined when there are too many to know.
 */
async function declaredTests({ path, tests }: Project): Promise<DeclaredTests | undefined> {
  if (tests.gap !== undefined || tests.paths.length > maximalFiles) return undefined;
  const all = new Set<string>();
  const always = new Set<string>();
  for (const name of tests.paths) {
    const text = await textOf(join(path, name), testFileLimitBytes);
    if (text === undefined) return undefined;
    for (const match of text.matchAll(/^[ \t]*func[ \t]+((?:Test|Example|Fuzz|Benchmark)\w*)[ \t]*[([]/gm))
      all.add(match[1] ?? '');
    if (isBuiltSometimes(name, text)) continue;
    for (const match of text.matchAll(/^func (Test(?![a-z])\w*)\(\w+ \*testing\.T\)/gm)) always.add(match[1] ?? '');
  }
  return { all, always };
}

type DeclaredTests = {
  readonly all: ReadonlySet<string>;
  /** Those that no setting of the build leaves out. */
  readonly always: ReadonlySet<string>;
};

/** By its name, which may end in an operating system or a processor, by a condition, or by where it lies. */
function isBuiltSometimes(path: string, text: string): boolean {
  return (
    /_[a-z0-9]+_test\.go$/.test(path) ||
    /^\/\/(?:go:build|\s*\+build) /m.test(text) ||
    /^\s*import "C"/m.test(text) ||
    /(?:^|\/)(?:testdata|[_.][^/]*)\//.test(path)
  );
}

function some(names: readonly string[]): string {
  const [first = ''] = names;
  return names.length === 1 ? first : `${first} (and ${names.length - 1} more)`;
}
