import { expect, test } from 'vitest';
import { afterBoth } from './after-both.ts';

test('what comes after both is done with the second, not with the first', () => {
  let isDone = false;
  const oneIsDone = afterBoth(() => {
    isDone = true;
  });
  oneIsDone();
  expect(isDone).toBe(false);
  oneIsDone();
  expect(isDone).toBe(true);
});
