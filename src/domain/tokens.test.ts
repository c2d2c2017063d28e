import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutToLength, cutToTokens, tokensOf } from './tokens.ts';

test('four characters are about a token, and a part of one counts', () => {
  expect([tokensOf(''), tokensOf('abcd'), tokensOf('abcde')]).toEqual([0, 1, 2]);
});

test('what is cut has at most so many tokens, and nothing is cut that fits', () => {
  const texts = fc.string({ unit: 'binary', maxLength: 60 });
  fc.assert(
    fc.property(texts, fc.integer({ min: 0, max: 20 }), (text, tokens) => {
      expect(tokensOf(cutToTokens(text, tokens))).toBeLessThanOrEqual(tokens);
      if (tokensOf(text) <= tokens) expect(cutToTokens(text, tokens)).toBe(text);
    }),
  );
});

test('a cut is marked and leaves characters whole', () => {
  expect(cutToLength('abcdef', 4)).toBe('abc…');
  expect(cutToLength('ab🙂cd', 4)).toBe('ab…');
});
