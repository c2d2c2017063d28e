import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestOf } from './tool-digest.ts';

const files = fc.uniqueArray(fc.tuple(fc.string({ maxLength: 6 }), fc.uint8Array({ maxLength: 6 })), {
  selector: ([path]) => path,
  maxLength: 4,
});

test('the order in which files come does not matter', () => {
  fc.assert(
    fc.property(files, (some) => {
      expect(digestOf(new Map(some))).toBe(digestOf(new Map([...some].reverse())));
    }),
  );
});

test('other files have another digest, also when their paths and contents run together', () => {
  const digestOfTexts = (texts: Readonly<Record<string, string>>) =>
    digestOf(new Map(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)])));
  const different = [{}, { a: '' }, { a: 'b' }, { ab: '' }, { a: 'bc' }, { ab: 'c' }, { a: '', b: '' }, { a: '1:0:b' }];
  expect(new Set(different.map(digestOfTexts)).size).toBe(different.length);
});
