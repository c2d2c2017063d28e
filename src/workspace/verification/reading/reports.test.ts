import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readGoEvents } from './go-events.ts';
import { readJestReport } from './jest-report.ts';
import { readJunit } from './junit.ts';
import { readLibtestOutput } from './libtest-output.ts';

function recorded(name: string): string {
  return readFileSync(join(import.meta.dirname, '__fixtures__', name), 'utf8');
}

describe('the JSON report of jest and vitest', () => {
  test.each(['jest.json', 'vitest.json'])('%s is counted, with what failed and what did not load', (name) => {
    const report = readJestReport(recorded(name), '/');
    expect(report).toMatchObject({ counts: { passed: 2, failed: 1, skipped: 2 }, files: 2 });
    expect(report?.failedTests.map((test) => test.name).sort()).toEqual([
      expect.stringMatching(/broken\.test\.[jt]s$/),
      'sum adds wrongly',
    ]);
    const messages = report?.failedTests.map((test) => test.message).join();
    expect(messages).toContain('Cannot find module');
    expect(messages).toContain('Object.is equality');
  });

  test.each(['jest.json', 'vitest.json'])(
    '%s names every test by file and suite, and the file that does not load',
    (name) => {
      const tests = readJestReport(recorded(name), '/')?.tests ?? [];
      expect(tests.map(({ outcome }) => outcome).sort()).toEqual([
        'failed',
        'failed',
        'passed',
        'passed',
        'skipped',
        'skipped',
      ]);
      expect(tests.find(({ outcome }) => outcome === 'failed')?.name).toMatch(/test\.[jt]s( > sum > adds wrongly)?$/);
      expect(new Set(tests.map(({ name }) => name)).size).toBe(6);
    },
  );

  test('a report without a file is told from one with a file that did not load', () => {
    expect(readJestReport(recorded('vitest-none.json'), '/')).toEqual({
      counts: { passed: 0, failed: 0, skipped: 0 },
      failedTests: [],
      tests: [],
      files: 0,
    });
  });

  test.each(['', '{', 'null', '[]', '{"testResults":3}', '"'.repeat(100)])('%s is no report', (text) => {
    expect(readJestReport(text, '/')).toBeUndefined();
  });
});

describe('a JUnit report', () => {
  test.each([
    ['pytest.xml', { passed: 3, failed: 3, skipped: 2 }],
    ['vitest.xml', { passed: 2, failed: 2, skipped: 2 }],
  ])('of %s is counted by its test cases', (name, counts) => {
    expect(readJunit(recorded(name))?.counts).toEqual(counts);
  });

  test('of node, with cases outside of every suite, is counted', () => {
    const report = readJunit(recorded('node.xml'));
    expect(report?.counts.failed).toBeGreaterThan(0);
    expect(report?.failedTests.map(({ name }) => name)).toContain('test > top fails');
  });

  test('keeps names and messages as they were written', () => {
    const failed = readJunit(recorded('pytest.xml'))?.failedTests.find(
      ({ name }) => name === 'test_pytest > test_entities',
    );
    expect(failed?.message).toContain(`assert "<a & 'b'>" == ']]>'`);
  });

  test('does not believe the sums in it, nor test cases in the output of a test', () => {
    const text = `<testsuites tests="9" failures="0"><testsuite name="s" tests="9">
      <testcase name="a"><system-out><![CDATA[<testcase name="x"/></testsuite>]]></system-out></testcase>
      <testsuite name="inner"><testcase name="b"><skipped/></testcase><testcase name="c"><error message="e &amp; f"/></testcase></testsuite>
    </testsuite></testsuites>\n`;
    expect(readJunit(text)).toEqual({
      counts: { passed: 1, failed: 1, skipped: 1 },
      failedTests: [{ name: 'c', message: 'e & f' }],
      tests: [
        { name: 'a', outcome: 'passed' },
        { name: 'b', outcome: 'skipped' },
        { name: 'c', outcome: 'failed' },
      ],
    });
  });

  test('may be empty', () => {
    expect(readJunit('<testsuites/>')?.counts).toEqual({ passed: 0, failed: 0, skipped: 0 });
    expect(readJunit('<testsuite name="s" tests="0"></testsuite>')?.counts).toEqual({
      passed: 0,
      failed: 0,
      skipped: 0,
    });
  });

  test.each([
    '',
    'no xml',
    '<html></html>',
    '<testsuite><testcase name="cut off',
    '<testsuite><testcase name="a"/>',
    `${'<testsuite>'.repeat(100_000)}${'</testsuite>'.repeat(100_000)}`,
  ])('is not seen in other text (case %#)', (text) => {
    expect(readJunit(text)).toBeUndefined();
  });
});

describe('what cargo test prints', () => {
  test('is summed over its test programs, without what the tests print', () => {
    const read = readLibtestOutput(recorded('cargo-test.txt'));
    expect(read).toMatchObject({ counts: { passed: 4, failed: 1, skipped: 1 }, results: 3 });
    expect(read.failedTests).toEqual([{ name: 'tests::wrong', message: expect.stringContaining('running 100 tests') }]);
    expect(read.failedTests[0]?.message).toContain('left: 4');
  });

  test('is read over a program that crashed', () => {
    const crashed = `running 2 tests
test a ... ok
error: test failed, to rerun pass \`--lib\`

running 1 test
test b ... ok

test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n`;
    expect(readLibtestOutput(crashed)).toMatchObject({ counts: { passed: 1, failed: 0 }, results: 1 });
  });

  test('counts a failure whose line another thread broke', () => {
    const torn = `running 2 tests
test a ... ok
half a line test b ... FAILED

failures:

failures:
    b

test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n`;
    expect(readLibtestOutput(torn)).toMatchObject({ counts: { passed: 1, failed: 1 }, results: 1 });
  });

  test('is not a result when it was printed outside of a test program', () => {
    expect(
      readLibtestOutput('test result: ok. 9 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n').results,
    ).toBe(0);
  });
});

describe('the events of go test', () => {
  const declared = new Set(['TestDouble', 'TestSkip', 'TestLoud']);

  test('are counted by test, subtests included, packages not', () => {
    const read = readGoEvents(recorded('go-test.txt'), declared);
    expect(read.counts).toEqual({ passed: 2, failed: 2, skipped: 1 });
    expect(read.failedTests).toContainEqual({
      name: 'example.com/sample TestDouble/bad',
      message: 'a_test.go:14: got 1',
    });
  });

  test('of a test that exists only in what another one printed are not counted', () => {
    expect(readGoEvents(recorded('go-test.txt')).counts.passed).toBe(3);
    expect(readGoEvents(recorded('go-test.txt'), declared).counts.passed).toBe(2);
  });

  test('become what a person would have read', () => {
    const { output } = readGoEvents(recorded('go-test.txt'), declared);
    expect(output).toContain('broken/a_test.go:3:28: undefined: undefined');
    expect(output).toContain('    --- FAIL: TestDouble/bad (0.00s)\n');
    expect(output).not.toContain('"Action"');
  });
});
