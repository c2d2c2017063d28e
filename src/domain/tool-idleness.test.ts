import { expect, test } from 'vitest';
import { isIdle, unusedSince } from './tool-idleness.ts';

const dayMs = 86_400_000;
const onDay = (day: number) => new Date(day * dayMs);
const tool = { status: 'active', publishedAt: onDay(0) } as const;

test('a tool is unused since it was last called, or wanted all the same, or else since it is there', () => {
  expect(unusedSince(tool)).toEqual(onDay(0));
  expect(unusedSince({ ...tool, lastUsedAt: onDay(5) })).toEqual(onDay(5));
  expect(unusedSince({ ...tool, lastUsedAt: onDay(5), wantedAt: onDay(9) })).toEqual(onDay(9));
});

test('a tool is idle from the day on that is configured, and with 0 days never', () => {
  expect(isIdle(tool, 30, 30 * dayMs - 1)).toBe(false);
  expect(isIdle(tool, 30, 30 * dayMs)).toBe(true);
  expect(isIdle({ ...tool, lastUsedAt: onDay(1) }, 30, 30 * dayMs)).toBe(false);
  expect(isIdle(tool, 0, 1_000 * dayMs)).toBe(false);
});

test('a retired tool is not idle: it is offered to nobody', () => {
  expect(isIdle({ ...tool, status: 'retired' }, 30, 60 * dayMs)).toBe(false);
});
