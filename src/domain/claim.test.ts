import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Contradiction, contradictionsIn, type Observation } from './claim.ts';

const observation: Observation = {
  changes: [
    { path: 'src/scraper.py', change: 'created' },
    { path: 'tests/test_scraper.py', change: 'created' },
    { path: 'README.md', change: 'modified' },
  ],
  tests: { passed: 3, failed: 0, skipped: 0 },
  commands: ['python3 -m pytest'],
};
const red: Observation = { ...observation, tests: { passed: 2, failed: 1, skipped: 0 } };
const idle: Observation = { changes: [], tests: null, commands: ['ls'] };

const claimed = (claim: string, seen: Observation = observation): Contradiction[] => contradictionsIn(claim, seen);

describe('what differs from the observation is told', () => {
  test.each<[string, Observation, Contradiction[]]>([
    ['I wrote 15 tests.', observation, [{ claimed: '15 tests', observed: '3 ran' }]],
    ['All 15 tests pass.', observation, [{ claimed: 'All 15 tests', observed: '3 ran' }]],
    ['**15/15 tests passed** ✅', observation, [{ claimed: '15/15 tests passed', observed: '3 ran' }]],
    ['- 12 unit tests cover the parser', observation, [{ claimed: '12 unit tests', observed: '3 ran' }]],
    ['- 12 test cases cover the parser', observation, [{ claimed: '12 test cases', observed: '3 ran' }]],
    ['Tests:       15 passed, 15 total', observation, [{ claimed: 'Tests:       15 passed', observed: '3 ran' }]],
    ['===== 40 passed in 0.12s =====', observation, [{ claimed: '40 passed', observed: '3 ran' }]],
    ['There are 1,200 tests.', observation, [{ claimed: '1,200 tests', observed: '3 ran' }]],
    ['All tests pass.', red, [{ claimed: 'All tests pass', observed: '1 test failed' }]],
    ['The whole test suite is green.', red, [{ claimed: 'The whole test suite is green', observed: '1 test failed' }]],
    ['3 passed, 0 failed', red, [{ claimed: '0 failed', observed: '1 test failed' }]],
    ['All tests are passing now!', idle, [{ claimed: 'All tests are passing', observed: 'no tests ran' }]],
    [
      'All tests pass.',
      { ...idle, tests: { passed: 0, failed: 0, skipped: 2 } },
      [{ claimed: 'All tests pass', observed: 'all 2 were skipped' }],
    ],
    ['I ran the tests.', idle, [{ claimed: 'I ran the tests', observed: 'no command that runs tests' }]],
    ['Created 5 files.', observation, [{ claimed: 'Created 5 files', observed: '3 created or modified' }]],
    ['I modified 7 files.', observation, [{ claimed: 'modified 7 files', observed: '3 changed' }]],
    [
      'Created `src/cli.py` and `src/scraper.py`.',
      observation,
      [{ claimed: 'created src/cli.py', observed: 'no change of src/cli.py' }],
    ],
    [
      '- Created a new file app.js\n- Wrote the file index.html',
      idle,
      [
        { claimed: 'created app.js', observed: 'no change of app.js' },
        { claimed: 'created index.html', observed: 'no change of index.html' },
      ],
    ],
  ])('%s', (claim, seen, told) => {
    expect(claimed(claim, seen)).toEqual(told);
  });
});

describe('what does not differ, or is no report of finished work, is passed over', () => {
  test.each<[string, Observation?]>([
    ['I wrote 3 tests.'],
    ['All 3 tests pass.'],
    ['All tests pass.'],
    ['Added 2 tests for the parser.'],
    ['Created `src/scraper.py` and tests/test_scraper.py.'],
    ['Created /home/somebody/work/src/scraper.py'],
    ['Created 2 files.'],
    ['Created a parser for `config.yaml`.'],
    ['I created support for package.json files.'],
    ['You could add 15 tests for the edge cases.'],
    ['The project should have at least 80 tests.'],
    ['Next, 10 more tests would cover the rest.'],
    ['Previously 20 tests ran.'],
    ['There were 15 tests before; I removed 12 tests.'],
    ['I did not write 15 tests.'],
    ['All tests pass except the one for unicode.', red],
    ['All new tests pass.', red],
    ['All tests in test_scraper.py pass.', red],
    ['All tests should pass now.', red],
    ['If all tests pass, you can merge.', red],
    ['Make sure that all tests pass before merging.', red],
    ['2 tests pass and 1 test fails.', red],
    ['I could not run the tests.', idle],
    ['I have not run the tests.', idle],
    ['Run the tests with `npm test`.', idle],
    ['I ran the tests.', { ...idle, commands: ['make all'] }],
    ['All tests pass.', { ...idle, testsSeen: 4 }],
    ['4 tests pass.', { ...idle, testsSeen: 4 }],
    ['It fetches 50 pages and writes 12 files of output.'],
    ['Tested with Python 3.11 and 15 testimonials.'],
    ['Handles 15 test files.'],
    ['The version is 2.15 tests included.'],
    ['3-5 tests are enough.'],
    ['At line 15 tests begin.'],
    ['No failures.'],
    [''],
  ])('%s', (claim, seen) => {
    expect(claimed(claim, seen)).toEqual([]);
  });
});

test('a claim that equals the observation is never held against anybody', () => {
  const counts = fc.nat({ max: 300 });
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}\.(py|ts|rs)$/), { maxLength: 6 });
  fc.assert(
    fc.property(counts, counts, counts, names, (passed, failed, skipped, paths) => {
      const seen: Observation = {
        changes: paths.map((path) => ({ path, change: 'created' })),
        tests: { passed, failed, skipped },
        commands: ['npm test'],
      };
      const words = [
        `I wrote ${passed + failed + skipped} tests.`,
        `${passed}/${passed + failed} tests passed.`,
        `Tests: ${passed} passed`,
        `${passed} passed, ${failed} failed`,
        failed === 0 && passed > 0 ? 'All tests pass.' : `${failed} tests failed.`,
        `Created ${paths.length} files.`,
        ...(paths.length > 0 ? [`Created ${paths.join(', ')}.`] : []),
        'I ran the tests.',
      ];
      expect(contradictionsIn(words.join('\n'), seen)).toEqual([]);
    }),
  );
});

test('any number beyond the observed one is told', () => {
  fc.assert(
    fc.property(fc.nat({ max: 100 }), fc.integer({ min: 1, max: 100 }), (ran, more) => {
      const seen = { ...observation, tests: { passed: ran, failed: 0, skipped: 0 } };
      expect(claimed(`All ${ran + more} tests pass.`, seen)).toHaveLength(ran === 0 ? 2 : 1);
    }),
  );
});

test('words without end take no time and tell a bounded number of things', () => {
  const many = Array.from({ length: 5000 }, (_, index) => `I wrote ${index + 10} tests.`).join('\n');
  expect(claimed(many)).toHaveLength(20);
  for (const endless of [
    'a'.repeat(500_000),
    'tests '.repeat(100_000),
    `Created ${'a/'.repeat(20_000)}`,
    'created a.b, '.repeat(9000),
  ]) {
    const startedAt = performance.now();
    claimed(endless);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  }
});
