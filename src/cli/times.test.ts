import { expect, test } from 'vitest';
import { duration, localTime, noOutputFor } from './times.ts';

test('durations are as exact as a person needs them', () => {
  const seconds = [1.234, 12.3, 59.7, 83, 3_599.9, 12_000, 200_000];
  expect(seconds.map((second) => duration(second * 1000))).toEqual([
    '1.2 s',
    '12 s',
    '1 min 0 s',
    '1 min 23 s',
    '1 h 0 min',
    '3 h 20 min',
    '2 d 7 h',
  ]);
});

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
