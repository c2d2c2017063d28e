import { expect, test } from 'vitest';
import { withinLimit } from './answer-text.ts';

test('an answer within the limit is left as it is', () => {
  expect(withinLimit('äöü', 6)).toBe('äöü');
});

test('an answer beyond the limit is cut between two characters, and says so', () => {
  expect(withinLimit('äöü', 5)).toBe('äö\n[cut: 6 bytes in all, an answer has at most 5]');
  expect(withinLimit('a🙂', 4)).toBe('a\n[cut: 5 bytes in all, an answer has at most 4]');
});
