import type { CodeChange } from './file-change.ts';
import type { TestCounts } from './test-run.ts';

export type QualityPart = {
  readonly name: (typeof partNames)[number];
  /** 0..1; 1 is the best. */
  readonly value: number;
  /** What it was read from, in numbers. */
  readonly observed: string;
};

/**
 * How good the result of a task is, from observed facts alone.
 *
 * `score` is the plain mean of the values of `parts`, 0..1; every part counts the same. What could not be observed is no
 * part of the mean and stands in `unobserved` by its name.
 *
 * | part | value |
 * |---|---|
 * | `verified` | 1 when our own tests proved the result, otherwise 0 |
 * | `tests-green` | passed tests of those that ran (skipped ones neither raise nor lower it) |
 * | `code-has-tests` | 1 when the changes of program code come with a change of a test file, otherwise 0 |
 * | `tests-kept` | of the tests that ran before, the share that still runs |
 * | `commands-ended-well` | of the different commands that the agent ran, the share whose last run ended with exit code 0 |
 * | `few-rounds` | 1 divided by the number of rounds |
 * | `claims-hold` | 1 divided by 1 plus the number of claims that differ from what was observed |
 */
export type Quality = {
  readonly score: number;
  readonly parts: readonly QualityPart[];
  readonly unobserved: readonly QualityPart['name'][];
};

const partNames = [
  'verified',
  'tests-green',
  'code-has-tests',
  'tests-kept',
  'commands-ended-well',
  'few-rounds',
  'claims-hold',
] as const;

/** What was observed; what is absent was not. */
export type QualityFacts = {
  readonly verified: boolean;
  readonly tests?: TestCounts;
  /** Changed files: of program code that is no test, and of tests. */
  readonly changes?: { readonly code: number; readonly tests: number };
  /** How many tests ran before, and how many of these are gone or skipped. */
  readonly kept?: { readonly before: number; readonly missing: number };
  readonly commands?: { readonly different: number; readonly failing: number };
  readonly rounds?: number;
  /** Of a claim that was compared with what was observed. */
  readonly contradictions?: number;
};

/** See `Quality`. */
export function qualityOf(facts: QualityFacts): Quality {
  const parts = partNames.flatMap((name): QualityPart[] => {
    const part = measures[name](facts);
    return part ? [{ name, value: Math.min(1, Math.max(0, part[0])), observed: part[1] }] : [];
  });
  const seen = new Set(parts.map(({ name }) => name));
  return {
    score: parts.reduce((sum, { value }) => sum + value, 0) / parts.length,
    parts,
    unobserved: partNames.filter((name) => !seen.has(name)),
  };
}

const measures: Readonly<Record<QualityPart['name'], (facts: QualityFacts) => [number, string] | undefined>> = {
  verified: ({ verified }) => [verified ? 1 : 0, verified ? 'our own tests prove it' : 'not proved'],
  'tests-green': ({ tests }) => {
    const ran = tests ? tests.passed + tests.failed : 0;
    return tests && ran > 0 ? [tests.passed / ran, `${tests.passed} of ${ran} passed`] : undefined;
  },
  'code-has-tests': ({ changes }) =>
    changes && changes.code > 0
      ? [changes.tests > 0 ? 1 : 0, `${changes.code} code and ${changes.tests} test files changed`]
      : undefined,
  'tests-kept': ({ kept }) =>
    kept && kept.before > 0
      ? [1 - kept.missing / kept.before, `${kept.missing} of ${kept.before} are gone or skipped`]
      : undefined,
  'commands-ended-well': ({ commands }) =>
    commands && commands.different > 0
      ? [1 - commands.failing / commands.different, `${commands.failing} of ${commands.different} failed at the end`]
      : undefined,
  'few-rounds': ({ rounds }) => (rounds !== undefined && rounds > 0 ? [1 / rounds, `${rounds}`] : undefined),
  'claims-hold': ({ contradictions }) =>
    contradictions === undefined ? undefined : [1 / (1 + contradictions), `${contradictions} differ`],
};

/** Splits changes into program code and tests by their names. Deleted files are neither: nothing of them is left to test. */
export function codeAndTests(changes: readonly CodeChange[]): { readonly code: number; readonly tests: number } {
  const present = changes.filter(({ change }) => change !== 'deleted');
  const tests = present.filter(({ path }) => isTestPath(path)).length;
  const code = present.filter(({ path, language }) => !isTestPath(path) && !noPrograms.has(language)).length;
  return { code, tests };
}

/** Languages that say how something is described, set or shown, and nothing that a test could run. */
const noPrograms: ReadonlySet<string> = new Set(
  'unknown,Markdown,Text,JSON,JSON with Comments,YAML,TOML,XML,SVG,CSV,INI,HTML,CSS,SCSS,Sass,Less,reStructuredText,AsciiDoc,Ignore List,Git Config,Git Attributes,Dotenv,Dockerfile,EditorConfig,Makefile,Diff,TeX,Pip Requirements,Go Module,Go Checksums'.split(
    ',',
  ),
);

function isTestPath(path: string): boolean {
  return /(^|\/)(__tests__|tests?|spec)\/|(^|\/)(test_[^/]*|conftest)\.py$|[._-](test|spec)s?\.[^./]+$|(^|\/)[^/]+(Test|Tests|Spec)\.(java|kt|cs|scala|swift|php)$/.test(
    path,
  );
}
