import fc from 'fast-check';
import { expect, test } from 'vitest';
import { turnOf } from './turn.ts';

const priority = fc.integer({ min: 1, max: 10 });
const waited = fc.integer({ min: 0, max: 10 * 86_400_000 });

test('what just came goes in order of priority', () => {
  expect([1, 5, 9, 10].map((one) => turnOf(one, 0))).toEqual([0, 40, 80, 90]);
});

test('ten minutes of waiting count as much as one step of priority', () => {
  expect(turnOf(4, 600_000)).toBe(turnOf(5, 0));
});

test('nothing starves: whoever waited long enough comes before everything that is new', () => {
  fc.assert(fc.property(priority, (one) => turnOf(one, 101 * 60_000) > turnOf(10, 0)));
});

test('lies between 0 and 100 and never falls while waiting', () => {
  fc.assert(
    fc.property(priority, waited, waited, (one, first, more) => {
      expect(turnOf(one, first)).toBeGreaterThanOrEqual(0);
      expect(turnOf(one, first + more)).toBeLessThanOrEqual(100);
      expect(turnOf(one, first + more)).toBeGreaterThanOrEqual(turnOf(one, first));
    }),
  );
});
