import fc from 'fast-check';
import { expect, test } from 'vitest';
import { storableJson, storableText } from './storable.ts';

test('NUL and lone surrogates are replaced, pairs and everything else are kept', () => {
  expect(storableText('a\0b\ud800c\udc00d😀é')).toBe('a\uFFFDb\uFFFDc\uFFFDd😀é');
});

test('no text that comes out holds what the server refuses, and a good text comes out as it went in', () => {
  const units = fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes));
  fc.assert(fc.property(units, (text) => !/\0|\p{Cs}/u.test(storableText(text))));
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => storableText(text) === text.replaceAll('\0', '\uFFFD')),
  );
});

test('JSON is clean in every string and name, at every depth, and otherwise the same', () => {
  const value = { 'k\0': ['x\ud800', { deep: '\0', n: 1, no: null, yes: true }], text: 'back\\u0000slash' };
  expect(JSON.parse(storableJson(value))).toEqual({
    'k\uFFFD': ['x\uFFFD', { deep: '\uFFFD', n: 1, no: null, yes: true }],
    text: 'back\\u0000slash',
  });
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      const text = storableJson(json);
      expect(text).not.toMatch(/(^|[^\\])(\\\\)*\\u(0000|d[89a-f])/i);
    }),
  );
});
