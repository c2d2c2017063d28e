import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testsInOutput } from './test-output.ts';

function recorded(name: string): string {
  return readFileSync(join(import.meta.dirname, '__fixtures__/test-output', name), 'utf8');
}

test.each([
  ['node --test', 'node-spec.txt', { passed: 3, failed: 5, skipped: 3 }],
  ['node --import tsx --test src/a.test.ts', 'node-tap.txt', { passed: 3, failed: 5, skipped: 3 }],
  ['npx vitest run', 'vitest.txt', { passed: 2, failed: 1, skipped: 2 }],
  ['./node_modules/.bin/jest --coverage', 'jest.txt', { passed: 2, failed: 1, skipped: 2 }],
  ['npm test', 'npm-test-jest.txt', { passed: 2, failed: 1, skipped: 2 }],
  ['npm test', 'vitest.txt', { passed: 2, failed: 1, skipped: 2 }],
  ['npm run test:unit', 'node-spec.txt', { passed: 3, failed: 5, skipped: 3 }],
  ['mocha', 'mocha.txt', { passed: 1, failed: 2, skipped: 2 }],
  ['python3 -m pytest -x', 'pytest.txt', { passed: 3, failed: 3, skipped: 2 }],
  ['pytest -q', 'pytest-quiet.txt', { passed: 3, failed: 3, skipped: 2 }],
  ['python -m unittest discover', 'unittest.txt', { passed: 2, failed: 1, skipped: 1 }],
  ['cargo test --workspace', 'cargo-test.txt', { passed: 3, failed: 1, skipped: 1 }],
])('%s is read from %s', (command, file, counts) => {
  expect(testsInOutput(command, recorded(file))).toEqual(counts);
});

test('go tells the number of its tests only when it is verbose', () => {
  expect(testsInOutput('go test ./...', recorded('go-test.txt'))).toBeUndefined();
  expect(
    testsInOutput(
      'go test -v ./...',
      '=== RUN   TestA\n--- PASS: TestA (0.00s)\n=== RUN   TestB\n    --- SKIP: TestB/x (0.00s)\n',
    ),
  ).toEqual({
    passed: 1,
    failed: 0,
    skipped: 1,
  });
});

test.each([
  'cd web && npm test 2>&1 | tail -20',
  'CI=1 npm t',
  'timeout 60 npm test',
  "bash -lc 'cd web; npm test'",
  'npm --prefix web run test',
  'cross-env NODE_ENV="a b" npx --yes jest',
  'pnpm exec jest',
  '(npm test)',
])('a test command is recognised in %s', (command) => {
  expect(testsInOutput(command, recorded('jest.txt'))).toEqual({ passed: 2, failed: 1, skipped: 2 });
});

test.each([
  'cat jest.log',
  'echo "npm test"',
  'git commit -m "fix; npm test"',
  'npm install test',
  'ls node_modules/.bin/jest',
  'grep -r jest .',
  '',
])('a command that runs no tests gives no counts: %s', (command) => {
  expect(testsInOutput(command, recorded('jest.txt'))).toBeUndefined();
});

test('a command of absurd length is not looked at', () => {
  expect(testsInOutput(`npm test ${'x'.repeat(100_000)}`, recorded('jest.txt'))).toBeUndefined();
});

test('output without a summary gives no counts', () => {
  expect(testsInOutput('npm test', 'sh: 1: jest: not found\n')).toBeUndefined();
  expect(testsInOutput('pytest', 'no tests ran in 0.01s\n')).toBeUndefined();
});

test('two test commands in one line are summed', () => {
  const output = `${recorded('jest.txt')}\n${recorded('pytest.txt')}`;
  expect(testsInOutput('npx jest && pytest', output)).toEqual({ passed: 5, failed: 4, skipped: 4 });
});

test('two runs of node are summed', () => {
  const output = recorded('node-tap.txt') + recorded('node-tap.txt');
  expect(testsInOutput('npm test', output)).toEqual({ passed: 6, failed: 10, skipped: 6 });
});

test('megabytes of blanks are read at once', () => {
  const started = performance.now();
  for (const blank of ['\n', ' ', '=', '\t\n'])
    expect(testsInOutput('npm test', blank.repeat(2_000_000))).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(5000);
});
