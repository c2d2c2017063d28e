import { expect, test } from 'vitest';
import { isLater } from './tool-version.ts';

test('versions are compared by the numbers in them', () => {
  expect(isLater('1.10.0', '1.9.9')).toBe(true);
  expect(isLater('1.9.9', '1.10.0')).toBe(false);
  expect(isLater('2.0.0', '1.99999.99999')).toBe(true);
  expect(isLater('0.0.1', '0.0.0')).toBe(true);
  expect(isLater('1.2.3', '1.2.3')).toBe(false);
});
