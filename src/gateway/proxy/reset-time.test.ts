import { expect, test } from 'vitest';
import { resetTimeOf } from './reset-time.ts';

const now = Date.parse('2026-11-22T10:00:00Z');

function secondsUntil(headers: Record<string, string>): number | undefined {
  const reset = resetTimeOf(headers, now);
  return reset && (reset.getTime() - now) / 1000;
}

test('a wait is given in seconds or as a date', () => {
  expect(secondsUntil({ 'retry-after': '12' })).toBe(12);
  expect(secondsUntil({ 'retry-after': 'Sun, 22 Nov 2026 10:02:00 GMT' })).toBe(120);
});

test('a usage limit that is used up counts, one that is not does not', () => {
  const reset = String(now / 1000 + 3600);
  const headers = { 'retry-after': '5', 'anthropic-ratelimit-unified-reset': reset };
  expect(secondsUntil({ ...headers, 'anthropic-ratelimit-unified-status': 'rejected' })).toBe(3600);
  expect(secondsUntil({ ...headers, 'anthropic-ratelimit-unified-status': 'allowed' })).toBe(5);
});

test('the latest reset of the limits of which nothing remains counts', () => {
  expect(
    secondsUntil({
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-requests-reset': '2026-11-22T10:00:30Z',
      'anthropic-ratelimit-output-tokens-remaining': '0',
      'anthropic-ratelimit-output-tokens-reset': '2026-11-22T10:01:00Z',
      'anthropic-ratelimit-tokens-remaining': '900',
      'anthropic-ratelimit-tokens-reset': '2026-11-22T11:00:00Z',
    }),
  ).toBe(60);
});

test('what is past or makes no sense says nothing', () => {
  expect(secondsUntil({})).toBeUndefined();
  expect(secondsUntil({ 'retry-after': 'soon' })).toBeUndefined();
  expect(secondsUntil({ 'retry-after': 'Sun, 22 Nov 2026 09:00:00 GMT' })).toBeUndefined();
});
