import { expect, test } from 'vitest';
import { canSignal, identify } from './process-identity.ts';

const neverUsed = 2 ** 30;

test('a process that is not there is gone, and one of another program is another', async () => {
  expect(canSignal(neverUsed)).toBe(false);
  expect(await identify(neverUsed, '/data')).toBe('gone');
  expect(canSignal(process.pid)).toBe(true);
  if (process.platform !== 'win32') expect(await identify(process.pid, '/data')).toBe('another');
});
