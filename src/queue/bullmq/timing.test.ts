import { expect, test } from 'vitest';
import { defaultTiming, pauseAfter } from './timing.ts';

test('the pauses between tries double up to one minute and have no fractions', () => {
  const pauses = [1, 2, 3, 6, 7, 8, 2_000].map((failures) => pauseAfter(failures, defaultTiming));
  expect(pauses).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000]);
  expect(pauseAfter(1, { firstPause: 0.4, longestPause: 1 })).toBe(0);
});
