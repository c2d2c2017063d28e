import { expect, test } from 'vitest';
import { scorePriority } from './priority.ts';

test.each([
  [10, 10, 100, 'critical'],
  [9, 9, 81, 'critical'],
  [8, 10, 80, 'high'],
  [7, 7, 49, 'high'],
  [6, 8, 48, 'medium'],
  [5, 5, 25, 'medium'],
  [4, 6, 24, 'lower'],
  [1, 1, 1, 'lower'],
])('importance %i and urgency %i are %i, %s', (importance, urgency, score, band) => {
  expect(scorePriority(importance, urgency)).toEqual({ score, band });
});

test.each([
  [0, 5],
  [5, 11],
  [1.5, 5],
  [Number.NaN, 1],
])('importance %d and urgency %d are refused', (importance, urgency) => {
  expect(() => scorePriority(importance, urgency)).toThrow(RangeError);
});
