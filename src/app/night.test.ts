import { expect, test } from 'vitest';
import { nightAt } from './night.ts';

test('work that is given in the evening belongs to that night and ends in the morning', () => {
  const night = nightAt(new Date(2026, 10, 22, 21, 30), '07:00');
  expect(night.name).toBe('2026-11-22');
  expect(new Date(night.deadline)).toEqual(new Date(2026, 10, 23, 7, 0));
});

test('work that is given after midnight still belongs to the night before', () => {
  const night = nightAt(new Date(2026, 10, 23, 3, 0), '07:00');
  expect(night.name).toBe('2026-11-22');
  expect(new Date(night.deadline)).toEqual(new Date(2026, 10, 23, 7, 0));
});

test('a deadline that is this very minute is that of the next day', () => {
  expect(new Date(nightAt(new Date(2026, 10, 22, 7, 0), '07:00').deadline)).toEqual(new Date(2026, 10, 23, 7, 0));
});
