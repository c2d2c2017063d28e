import { expect, test } from 'vitest';
import type { TestRun } from '../../domain/test-run.ts';
import { failuresOf } from './failures.ts';

const green: TestRun = {
  command: 'npm test',
  directory: '.',
  exitCode: 0,
  timedOut: false,
  evidence: 'report',
  passed: 3,
  failed: 0,
  skipped: 0,
  output: 'all fine',
};
const red: TestRun = { ...green, directory: 'web', exitCode: 1, failed: 1, output: 'the output' };

test('a green report has nothing to tell', () => {
  expect(failuresOf({ runs: [green], notRun: [{ directory: '.', reason: 'no cargo' }] })).toBe('');
});

test('a red run is told with its command, place, counts and output', () => {
  expect(failuresOf({ runs: [green, red], notRun: [] })).toBe(
    '`npm test` in web ended with exit code 1 (3 passed, 1 failed, 0 skipped).\nOutput:\nthe output',
  );
});

test('a run without a report says that there were no counts', () => {
  const run: TestRun = { ...red, evidence: 'none', timedOut: true, exitCode: null };
  expect(failuresOf({ runs: [run], notRun: [] })).toContain(
    'was stopped because its time was up (no counts were reported)',
  );
});

test('tests that the report names come first, without terminal codes and frames of the runner', () => {
  const failedTests = [
    {
      name: 'adds',
      message:
        '\u001b[31mexpected 2 to be 3\u001b[39m\n    at sum.test.ts:3:4\n    at run (/projects/node_modules/vitest/x.js:1:1)',
    },
  ];
  const told = failuresOf({ runs: [{ ...red, failedTests }], notRun: [] });
  expect(told).toContain('- adds\n    expected 2 to be 3\n        at sum.test.ts:3:4\nOutput:');
});

test('however much failed, the text stays within about 6,000 characters', () => {
  const failedTests = Array.from({ length: 500 }, (_, index) => ({
    name: `test ${index}`,
    message: 'x'.repeat(100_000),
  }));
  const long = { ...red, output: 'y'.repeat(1_000_000) };
  for (const runs of [
    [{ ...long, failedTests }],
    [long],
    Array.from({ length: 12 }, () => ({ ...long, failedTests })),
  ]) {
    const told = failuresOf({ runs, notRun: [] });
    expect(told.length).toBeLessThan(6200);
    expect(told.length).toBeGreaterThan(3000);
  }
  expect(failuresOf({ runs: [{ ...red, failedTests }], notRun: [] })).toMatch(
    /- test 0\n[\s\S]*… and \d+ more failures/,
  );
});

test('of a long output, the first error and the end are told', () => {
  const output = `${'compiling\n'.repeat(2000)}error[E0425]: cannot find it\n${'note\n'.repeat(3000)}could not compile\n`;
  const told = failuresOf({ runs: [{ ...red, output }], notRun: [] });
  expect(told).toContain('error[E0425]: cannot find it');
  expect(told.endsWith('could not compile')).toBe(true);
});
