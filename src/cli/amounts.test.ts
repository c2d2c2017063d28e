import { expect, test } from 'vitest';
import { amountOf, shortCount, sizeOf } from './amounts.ts';

test('amounts carry their measure', () => {
  expect([amountOf('usd', 2), amountOf('prompts', 1), amountOf('tokens', 1e6)]).toEqual([
    '$2.00',
    '1 prompt',
    '1,000,000 tokens',
  ]);
});

test('large counts are short', () => {
  expect([0, 950, 1_000, 12_340, 120_400, 999_499, 999_500, 1_234_567, 2e9].map(shortCount)).toEqual([
    '0',
    '950',
    '1k',
    '12.3k',
    '120k',
    '999k',
    '1M',
    '1.2M',
    '2G',
  ]);
});

test('sizes carry their unit', () => {
  expect([950, 1_234, 1_234_567, 2.5e9].map(sizeOf)).toEqual(['950 B', '1.2 kB', '1.2 MB', '2.5 GB']);
});
