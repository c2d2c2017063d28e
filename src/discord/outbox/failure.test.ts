import { expect, test } from 'vitest';
import { failureOf, reasonOf } from './failure.ts';

function refusal(status: number, code?: number): Error {
  return Object.assign(new Error('Discord said\nmore'), { status, ...(code === undefined ? {} : { code }) });
}

test.each([
  [refusal(404, 10003), 'gone'],
  [refusal(404, 10008), 'gone'],
  [refusal(403, 50001), 'forbidden'],
  [refusal(403, 50013), 'forbidden'],
  [refusal(401), 'forbidden'],
  [refusal(400, 50035), 'wrong'],
  [refusal(500), 'later'],
  [refusal(429), 'later'],
  [new Error('fetch failed'), 'later'],
])('%s is %s', (error, failure) => {
  expect(failureOf(error)).toBe(failure);
});

test('a reason is one line, with the numbers', () => {
  expect(reasonOf(refusal(400, 50035))).toBe('Discord said (400, 50035)');
});
