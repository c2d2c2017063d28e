import { expect, test } from 'vitest';
import { localTime, noOutputFor } from './times.ts';

test('silence is counted in seconds, and in minutes when it is long', () => {
  expect([20_999, 120_000, 121_000].map(noOutputFor)).toEqual([
    'no output for 20 s',
    'no output for 120 s',
    'no output for 2 min',
  ]);
});

test('a moment within a day is a time of the clock, any other has its day', () => {
  const now = new Date(2026, 10, 22, 20, 0).getTime();
  expect(localTime(new Date(2026, 10, 23, 3, 5), now)).toBe('03:05');
  expect(localTime(new Date(2026, 10, 25, 3, 5), now)).toBe('2026-11-25 03:05');
});
