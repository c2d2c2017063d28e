import { expect, test } from 'vitest';
import { judge, type TestRun } from './test-run.ts';

const run = (fields: Partial<TestRun>): TestRun => ({
  command: 'npm test',
  directory: '.',
  exitCode: 0,
  timedOut: false,
  evidence: 'report',
  output: '',
  passed: 0,
  failed: 0,
  skipped: 0,
  ...fields,
});

const verdict = (...runs: TestRun[]) => judge({ runs, notRun: [] }).kind;

test('tests that passed are proof', () => expect(verdict(run({ passed: 3 }))).toBe('passed'));
test('one failed test is enough', () => expect(verdict(run({ passed: 9, failed: 1 }))).toBe('failed'));
test('an exit code that is not 0 is red, whatever was counted', () =>
  expect(verdict(run({ passed: 9, exitCode: 1 }))).toBe('failed'));
test('time that ran out is red', () =>
  expect(verdict(run({ passed: 9, exitCode: null, timedOut: true }))).toBe('failed'));
test('no run at all is no proof', () => expect(verdict()).toBe('no-tests'));
test('a run that counted nothing is no proof', () => expect(verdict(run({}))).toBe('no-tests'));
test('only skipped tests are no proof', () => expect(verdict(run({ skipped: 4 }))).toBe('no-tests'));
test('exit 0 of a command that gave no count is no proof', () =>
  expect(verdict(run({ evidence: 'none' }))).toBe('no-tests'));
test('exit 0 of a command that a person configured is proof', () =>
  expect(verdict(run({ evidence: 'exit-code' }))).toBe('passed'));
test('a suite that could not be run leaves the whole unproved', () => {
  const report = { runs: [run({ passed: 3 })], notRun: [{ directory: 'core', reason: 'cargo is not installed' }] };
  expect(judge(report)).toEqual({ kind: 'not-run', reason: 'cargo is not installed' });
});
