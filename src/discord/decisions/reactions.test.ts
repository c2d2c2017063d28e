import { expect, test } from 'vitest';
import { decisionOfSign } from './reactions.ts';

test('the four signs decide, with and without the mark for colours', () => {
  expect(['✅', '🔄', '⏳', '❌'].map(decisionOfSign)).toEqual(['approve', 'alternative', 'defer', 'reject']);
  expect(decisionOfSign('✅\uFE0F')).toBe('approve');
});

test.each(['👍', '👎', '', 'approve', '✅✅', '\uFE0F'])('“%s” decides nothing', (sign) =>
  expect(decisionOfSign(sign)).toBeUndefined(),
);
