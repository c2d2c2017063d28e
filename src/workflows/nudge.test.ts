import { expect, test } from 'vitest';
import { openNudge } from './nudge.ts';

const never = new AbortController().signal;
const long = 60_000;

test('a wait ends when it rings', async () => {
  const nudge = openNudge();
  const waiting = nudge.wait(long, never);
  nudge.ring();
  await waiting;
});

test('what rang before the wait is not lost, and is looked at twice', async () => {
  const nudge = openNudge();
  nudge.ring();
  await nudge.wait(long, never);
  const begun = performance.now();
  await nudge.wait(long, never);
  expect(performance.now() - begun).toBeLessThan(5_000);
});

test('without a ring the whole time is waited for, unless the signal aborts', async () => {
  const nudge = openNudge();
  const begun = performance.now();
  await nudge.wait(50, never);
  expect(performance.now() - begun).toBeGreaterThanOrEqual(45);
  await nudge.wait(long, AbortSignal.abort());
});
