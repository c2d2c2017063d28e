import { describe, expect, test } from 'vitest';
import { failedTestsIn, testCountsIn } from './test-counts.ts';

const tap = (points: string) => `TAP version 13\n${points}\n1..1\n# tests 1\n# suites 0\n`;

describe('how many tests ran', () => {
  test.each<[string, string, object | undefined]>([
    ['TAP', tap('ok 1 - a\nnot ok 2 - b\nok 3 - c # SKIP\nok 4 - d # TODO'), { passed: 1, failed: 1, skipped: 2 }],
    [
      'a file without tests, of which Node says that it passed',
      tap('ok 1 - /tool/test/a.test.mjs'),
      { passed: 0, failed: 0, skipped: 0 },
    ],
    [
      'suites are no tests',
      `TAP version 13\n    ok 1 - a\nok 1 - suite\n1..1\n# suites 1\n`,
      { passed: 1, failed: 0, skipped: 0 },
    ],
    ['no tests in TAP', 'TAP version 13\n1..0\n# tests 0\n', { passed: 0, failed: 0, skipped: 0 }],
    ['the other form of Node', 'ℹ tests 3\nℹ pass 2\nℹ fail 1\nℹ skipped 0\n', { passed: 2, failed: 1, skipped: 0 }],
    [
      'unittest',
      '..\n---\nRan 5 tests in 0.01s\n\nFAILED (failures=1, errors=1, skipped=1)\n',
      { passed: 2, failed: 2, skipped: 1 },
    ],
    [
      'unittest, expected failures',
      'Ran 2 tests in 0.01s\n\nOK (expected failures=1)\n',
      { passed: 1, failed: 0, skipped: 1 },
    ],
    ['no tests in unittest', 'Ran 0 tests in 0.000s\n\nOK\n', { passed: 0, failed: 0, skipped: 0 }],
    ['pytest', '==== 1 failed, 3 passed, 1 skipped in 0.12s ====\n', { passed: 3, failed: 1, skipped: 1 }],
    ['something else', 'all good\n', undefined],
  ])('%s', (_, output, counts) => {
    expect(testCountsIn(output)).toEqual(counts);
  });
});

test('tests that failed are told with what was wrong', () => {
  expect(failedTestsIn("not ok 1 - adds\n  ---\n  error: '1 !== 2'\n")).toEqual(["adds: '1 !== 2'"]);
  expect(failedTestsIn('FAIL: test_a (t.T.test_a)\n---\nAssertionError: 1 != 2\n')).toEqual([
    'test_a (t.T.test_a): AssertionError: 1 != 2',
  ]);
});
