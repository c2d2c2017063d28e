import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareTests, remember, type TestsBefore } from './test-comparison.ts';
import { judge, missingSince, type TestReport, type TestResult, type TestRun } from './test-run.ts';

const run = (tests: Readonly<Record<string, TestResult['outcome']>>, fields: Partial<TestRun> = {}): TestRun => {
  const named = Object.entries(tests).map(([name, outcome]) => ({ name, outcome }));
  const count = (wanted: TestResult['outcome']) => named.filter(({ outcome }) => outcome === wanted).length;
  return {
    command: 'npm test',
    directory: '.',
    exitCode: count('failed') > 0 ? 1 : 0,
    timedOut: false,
    evidence: 'report',
    output: '',
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    tests: named,
    ...fields,
  };
};
const report = (...runs: TestRun[]): TestReport => ({ runs, notRun: [] });
const before = (...runs: TestRun[]): TestsBefore => remember(report(...runs));
const unnamed = ({ tests: _tests, ...fields }: TestRun): TestRun => fields;

test('what was red before does not block, what is newly red does', () => {
  const baseline = before(run({ a: 'passed', b: 'failed' }));
  expect(judge(report(run({ a: 'passed', b: 'failed', c: 'passed' })), { baseline }).kind).toBe('passed');
  expect(judge(report(run({ a: 'failed', b: 'failed' })), { baseline }).kind).toBe('failed');
  expect(judge(report(run({ a: 'failed', b: 'passed' })), { baseline }).kind).toBe('failed');
  expect(judge(report(run({ a: 'passed', b: 'failed', c: 'failed' })), { baseline }).kind).toBe('failed');
  expect(judge(report(run({ a: 'passed', b: 'failed' }))).kind).toBe('failed');
  expect(compareTests(baseline, report(run({ a: 'failed', b: 'failed' })))).toMatchObject({
    newRed: ['a'],
    stillRed: ['b'],
  });
});

test('a run that is red without a broken test is as before only when it was so before', () => {
  const broken = run({ a: 'passed' }, { exitCode: 1 });
  expect(judge(report(broken), { baseline: before(broken) }).kind).toBe('passed');
  expect(judge(report(broken), { baseline: before(run({ a: 'passed' })) }).kind).toBe('failed');
  expect(judge(report(broken), { baseline: before(run({ a: 'passed', b: 'failed' })) }).kind).toBe('failed');
});

test('a file that does not load any more is newly red next to one that never did', () => {
  const fileBroken = (...files: string[]) =>
    run({ a: 'passed', ...Object.fromEntries(files.map((file) => [file, 'failed'])) }, { failed: 0, exitCode: 1 });
  const baseline = before(fileBroken('old.test.ts'));
  expect(judge(report(fileBroken('old.test.ts')), { baseline }).kind).toBe('passed');
  expect(judge(report(fileBroken('old.test.ts', 'new.test.ts')), { baseline }).kind).toBe('failed');
});

test('a run that ended by time, by a signal or for lack of room is never red as before', () => {
  for (const ended of [
    { timedOut: true, exitCode: null },
    { exitCode: null },
    { exitCode: 1, limit: 'memory' as const },
  ]) {
    const red = run({ a: 'passed' }, ended);
    expect(judge(report(red), { baseline: before(red) }).kind).toBe('failed');
  }
  expect(judge(report(run({ a: 'passed' }, { limit: 'processes' }))).kind).toBe('failed');
});

test('numbers decide where the report has no names', () => {
  const baseline = before(unnamed(run({ a: 'passed', b: 'failed' })));
  const now = (passed: number, failed: number) =>
    report(unnamed(run({}, { passed, failed, exitCode: failed > 0 ? 1 : 0 })));
  expect(judge(now(1, 1), { baseline }).kind).toBe('passed');
  expect(judge(now(2, 2), { baseline }).kind).toBe('failed');
  expect(judge(now(1, 0), { baseline })).toMatchObject({
    kind: 'weakened',
    missing: [{ how: 'disappeared', count: 1 }],
  });
  expect(judge(report(unnamed(run({}, { passed: 1, skipped: 1 }))), { baseline })).toMatchObject({
    missing: [{ how: 'skipped', count: 1, tests: [] }],
  });
});

test('tests that are gone or skipped since the baseline or any earlier round keep a green report from passing', () => {
  const baseline = before(run({ a: 'passed', b: 'failed', s: 'skipped' }));
  const earlier = [before(run({ a: 'passed', b: 'passed', c: 'failed' }))];
  expect(judge(report(run({ a: 'passed' })), { baseline, earlier })).toEqual({
    kind: 'weakened',
    reason: '2 tests that ran before are not run any more (b, c)',
    missing: [{ how: 'disappeared', count: 2, tests: ['b', 'c'] }],
  });
  expect(judge(report(run({ a: 'passed', b: 'skipped', c: 'passed' })), { baseline, earlier })).toMatchObject({
    kind: 'weakened',
    reason: '1 test that ran before is skipped now (b)',
  });
  expect(judge(report(), { baseline }).kind).toBe('weakened');
  expect(judge(report(run({ a: 'passed', b: 'passed', c: 'passed' })), { baseline, earlier }).kind).toBe('passed');
});

test('a test that was moved into another file and passes there is not missing; one that is copied away twice is', () => {
  const baseline = before(run({ 'a.test.js > adds': 'passed', 'b.test.js > adds': 'passed' }));
  const missing = (tests: Parameters<typeof run>[0]) => missingSince(report(run(tests)), [baseline]);
  expect(missing({ 'tests/a.test.js > adds': 'passed', 'b.test.js > adds': 'passed' })).toEqual([]);
  expect(missing({ 'tests/a.test.js > adds': 'passed' })).toMatchObject([{ how: 'disappeared', count: 1 }]);
  expect(missing({ 'tests/a.test.js > adds': 'skipped', 'b.test.js > adds': 'passed' })).toMatchObject([{ count: 1 }]);
});

test('what lies outside of the folders that were looked at is not compared', () => {
  const baseline = before(
    run({ 'a.test.js > one': 'passed' }),
    run({ 'web/: a.test.js > two': 'passed' }, { directory: 'web' }),
  );
  const now = report(run({ 'a.test.js > one': 'passed' }));
  expect(judge({ ...now, lookedAt: ['.'] }, { baseline }).kind).toBe('passed');
  expect(judge({ ...now, lookedAt: ['.', 'web'] }, { baseline }).kind).toBe('weakened');
  expect(judge(now, { baseline }).kind).toBe('weakened');
  const counted: TestsBefore = { runs: baseline.runs };
  expect(judge({ ...now, lookedAt: ['.'] }, { baseline: counted }).kind).toBe('passed');
  expect(judge({ ...now, lookedAt: ['.', 'web'] }, { baseline: counted }).kind).toBe('weakened');
});

test('a report that is not believed is never passed, and red stays red', () => {
  const distrusted = 'the runner was replaced';
  expect(judge(report(run({ a: 'passed' }, { distrusted })))).toEqual({ kind: 'distrusted', reason: distrusted });
  expect(judge(report(run({ a: 'failed' }, { distrusted }))).kind).toBe('failed');
});

test('a run without a count beside one that has them is not proof', () => {
  const silent = run({}, { evidence: 'none', command: 'make' });
  expect(judge(report(run({ a: 'passed' }), silent))).toEqual({
    kind: 'no-tests',
    reason: '`make` gave no count of its tests',
  });
});

test('the same tests again are never missing, whatever they were', () => {
  const tests = fc.dictionary(
    fc.string({ maxLength: 9 }),
    fc.constantFrom('passed' as const, 'failed' as const, 'skipped' as const),
  );
  fc.assert(
    fc.property(tests, tests, (old, added) => {
      const now = report(run({ ...added, ...old }));
      expect(missingSince(now, [before(run(old))])).toEqual([]);
      expect(missingSince(now, [{ runs: before(run(old)).runs }])).toEqual([]);
    }),
  );
});

test('whatever ran before and is not among the tests of now is told', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(names, fc.nat({ max: 19 }), (all, left) => {
      const kept = all.slice(0, left % all.length);
      const passed = (of: readonly string[]) => Object.fromEntries(of.map((name) => [name, 'passed' as const]));
      const [missing] = missingSince(report(run(passed(kept))), [before(run(passed(all)))]);
      expect(missing?.tests).toEqual(all.slice(kept.length));
    }),
  );
});
