import { expect, test } from 'vitest';
import { endingOf } from './script-ending.ts';

const scripts = new Map([
  ['unit', 'NODE_OPTIONS=--experimental-vm-modules jest'],
  ['deep', 'npm run unit'],
  ['loop', 'npm run loop'],
]);

test.each([
  ['vitest', 'vitest', 1],
  ['vitest run --coverage', 'vitest', 1],
  ['tsc && vitest run', 'vitest', 1],
  ['npm run lint; npx jest --ci', 'jest', 1],
  ["NODE_OPTIONS='--experimental-vm-modules --no-warnings' jest", 'jest', 1],
  ['cross-env NODE_OPTIONS="--experimental-vm-modules" npx jest', 'jest', 1],
  ['node --experimental-vm-modules node_modules/jest/bin/jest.js', 'jest', 1],
  ['node --experimental-vm-modules ./node_modules/.bin/jest', 'jest', 1],
  ['c8 mocha "test/*.js"', 'mocha', 1],
  ['npm run unit', 'jest', 2],
  ['npm run build && npm run deep', 'jest', 3],
])('%s ends in %s', (script, tool, count) => {
  expect(endingOf(script, scripts)).toEqual({ tool, scripts: count });
});

test.each([
  'node --test',
  'vitest run && echo done',
  'jest || true',
  'jest | tee log',
  'jest > log',
  '(cd web && jest)',
  'jest -- a.test.js',
  'vitest bench',
  'jest --json --outputFile=r.json',
  'jest # all',
  'npm run loop',
  'npm run absent',
  'npm run unit -- --watch',
  'turbo run test',
  'echo jest-is-great',
  `jest ${'a'.repeat(10_000)}`,
])('nothing is appended to %s', (script) => {
  expect(endingOf(script, scripts)).toBeUndefined();
});
