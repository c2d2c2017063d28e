import { expect, test } from 'vitest';
import { inTime } from './in-time.ts';

const long = 60_000;

test('what is done at once is not acknowledged before', async () => {
  const acknowledged: string[] = [];
  expect(await inTime(Promise.resolve('done'), async () => acknowledged.push('later'), long)).toBe('done');
  expect(acknowledged).toEqual([]);
});

test('what takes long is acknowledged once, and comes to the same', async () => {
  let acknowledged = 0;
  const ended = whileItWaits((finish) => {
    acknowledged += 1;
    finish('done');
  });
  expect(await ended).toBe('done');
  expect(acknowledged).toBe(1);
});

test('work that fails is told as it is, acknowledged or not', async () => {
  const failing = new Error('away');
  await expect(inTime(Promise.reject(failing), async () => undefined, long)).rejects.toBe(failing);
  await expect(whileItWaits((_, fail) => fail(failing))).rejects.toBe(failing);
});

/** Work that ends only after it was acknowledged. */
function whileItWaits(
  acknowledged: (finish: (result: string) => void, fail: (error: Error) => void) => void,
): Promise<string> {
  let end: (() => void) | undefined;
  const work = new Promise<string>((resolve, reject) => {
    end = () => acknowledged(resolve, reject);
  });
  return inTime(work, async () => end?.(), 1);
}
