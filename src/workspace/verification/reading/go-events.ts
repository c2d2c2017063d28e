import * as z from 'zod';
import type { TestCounts, TestResult } from '../../../domain/test-run.ts';
import type { FailedTest } from '../runner.ts';
import { parseJson } from './json.ts';
import { distinct } from './names.ts';

const eventSchema = z.object({
  Action: z.string(),
  Package: z.string().default(''),
  ImportPath: z.string().optional(),
  Test: z.string().optional(),
  Output: z.string().default(''),
});

export type GoEvents = {
  readonly counts: TestCounts;
  readonly failedTests: readonly FailedTest[];
  readonly tests?: readonly TestResult[];
  /** How many lines were events. */
  readonly events: number;
  /** What `go test` would have printed for a person, lines that are no events included. */
  readonly output: string;
};

const messageLimit = 4000;

const outcomeOf: Readonly<Record<string, TestResult['outcome']>> = { pass: 'passed', fail: 'failed', skip: 'skipped' };

/**
 * Counts the tests in the events of `go test -json`, subtests like any other. A package is no test.
 *
 * @param declared names of the test functions that exist; undefined believes every event
 */
export function readGoEvents(text: string, declared?: ReadonlySet<string>): GoEvents {
  const outcomes = new Map<string, string>();
  const printed = new Map<string, string>();
  const output: string[] = [];
  let events = 0;

  for (const line of text.split('\n')) {
    const event = line.startsWith('{') ? parseJson(line, eventSchema) : undefined;
    if (!event) {
      output.push(`${line}\n`);
      continue;
    }
    events += 1;
    const isOutput = event.Action === 'output' || event.Action === 'build-output';
    if (isOutput) output.push(event.Output);
    if (event.Test === undefined || (declared && !declared.has(event.Test.split('/')[0] ?? ''))) continue;
    const name = `${event.Package} ${event.Test}`;
    if (isOutput) printed.set(name, ((printed.get(name) ?? '') + event.Output).slice(-messageLimit));
    if (['pass', 'fail', 'skip'].includes(event.Action)) outcomes.set(name, event.Action);
  }

  const named = [...outcomes];
  const failed = named.filter(([, action]) => action === 'fail').map(([name]) => name);
  const tests = distinct(named.map(([name, action]) => ({ name, outcome: outcomeOf[action] ?? 'skipped' })));
  return {
    counts: {
      passed: named.filter(([, action]) => action === 'pass').length,
      failed: failed.length,
      skipped: named.filter(([, action]) => action === 'skip').length,
    },
    failedTests: failed.map((name) => ({ name, message: withoutProgress(printed.get(name) ?? '') })),
    ...(tests ? { tests } : {}),
    events,
    output: output.join('').trimEnd(),
  };
}

/** The lines that only say that a test began or waits tell nothing about why it failed. */
function withoutProgress(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*(=== |--- )/.test(line))
    .join('\n')
    .trim();
}
