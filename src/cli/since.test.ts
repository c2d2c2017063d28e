import { expect, test } from 'vitest';
import { sinceFrom } from './since.ts';

const now = new Date(2026, 10, 22, 8, 30);

test.each([
  ['90m', new Date(2026, 10, 22, 7, 0)],
  ['12h', new Date(2026, 10, 21, 20, 30)],
  ['2d', new Date(2026, 10, 20, 8, 30)],
  ['1w', new Date(2026, 10, 15, 8, 30)],
  ['today', new Date(2026, 10, 22)],
  ['Yesterday', new Date(2026, 10, 21)],
  ['2026-11-01', new Date(2026, 10, 1)],
  ['2026-11-01T18:30', new Date(2026, 10, 1, 18, 30)],
  ['2026-11-01T18:30:00Z', new Date(Date.UTC(2026, 10, 1, 18, 30))],
])('--since %s is understood', (value, since) => expect(sinceFrom(value, now)).toEqual(since));

test.each(['', 'soon', '12', 'h', '2026-13-01', '2026-11-01x', '-3h'])('--since %s is refused with examples', (value) =>
  expect(() => sinceFrom(value, now)).toThrow(expect.objectContaining({ cure: expect.stringContaining('12h, 2d') })),
);

test('what is yet to come is refused', () => expect(() => sinceFrom('2026-11-23', now)).toThrow('yet to come'));
