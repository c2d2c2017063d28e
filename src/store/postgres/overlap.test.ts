import { expect, test } from 'vitest';
import { overlaps } from './overlap.ts';

test.each([
  ['/a/b', '/a/b', true],
  ['/a/b', '/a/b/', true],
  ['/a/b', '/a/b/c', true],
  ['/a/b/c', '/a', true],
  ['/', '/a', true],
  ['/a/b', '/a/bc', false],
  ['/a/b', '/a/c', false],
  ['/a/%', '/a/b', false],
  ['/a\\b', '/a', false],
  ['C:\\a', 'C:\\a\\b', true],
  ['C:\\', 'C:\\a', true],
  ['C:\\a', 'C:\\ab', false],
])('%s and %s overlap: %s', (one, other, expected) => {
  expect(overlaps(one, other)).toBe(expected);
  expect(overlaps(other, one)).toBe(expected);
});
