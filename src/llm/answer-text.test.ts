import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { lastObject, readAnswer } from './answer-text.ts';

const objectIn = (text: string) => lastObject(text)?.value;

test.each([
  ['bare', '{"a":1}'],
  ['with space around it', ' \n{ "a" : 1 }\n'],
  ['in a fence', '```json\n{"a":1}\n```'],
  ['with words around it', 'So here it is: {"a":1}. Does it help?'],
  ['with braces in the words', 'A set {x | x > 1}, and { as such: {"a":1} }'],
  ['with a quote in the words', 'He said {"yes and then {"a":1}'],
  ['behind another one', '{"b":[{"c":2}]} or rather {"a":1}'],
  ['behind one that is broken', '{"b":[1,}, {"a":1}'],
  ['behind one with a literal that is none', '{"b":01} {"a":1}'],
])('an object %s is found', (_, text) => {
  expect(objectIn(text)).toEqual({ a: 1 });
});

test.each([
  ['nothing', ''],
  ['words', 'I do not know.'],
  ['a list', '[1, 2]'],
  ['one that is cut off, although a part of it is whole', '{"a":[{"b":1},'],
  ['one that is cut off in a text', '{"a":"never ends {"'],
  ['one with a comma too many', '{"a":1,}'],
  ['one with brackets in the wrong order', '{"a":[1}]'],
])('%s is no answer', (_, text) => {
  expect(lastObject(text)).toBeUndefined();
});

test('braces, quotes and backslashes within texts belong to the texts', () => {
  const value = { 'a{"': '}\\" {"b":1}\\', c: ['{', '\\"', '\u2028', '\n'] };
  expect(objectIn(`x ${JSON.stringify(value)} y`)).toEqual(value);
});

test('whatever object is said, it is found between words without braces', () => {
  const value = fc.dictionary(fc.string(), fc.jsonValue());
  const around = fc.string().map((text) => text.replaceAll(/[{]/g, ''));
  fc.assert(
    fc.property(around, value, around, fc.constantFrom(undefined, 2), (before, said, after, space) => {
      expect(objectIn(before + JSON.stringify(said, null, space) + after)).toEqual(JSON.parse(JSON.stringify(said)));
    }),
    { numRuns: 500 },
  );
});

test('whatever text comes, what is found is an object that stands in it', () => {
  const piece = fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', 'a', '1', 'null', ' ', '{"a":1}', '{}');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const found = lastObject(pieces.join(''));
      if (found) expect(JSON.stringify(found.value)).toMatch(/^\{.*\}$/s);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['opening braces', '{'],
  ['objects in objects', '{"a":'],
  ['lists', '{"a":['],
  ['quotes', '{"'],
  ['backslashes', '{"\\'],
  ['small objects', '{"a":1}'],
  ['digits', '{"a":1'],
])('a megabyte of hostile text takes no more time than an honest one: %s', (_, piece) => {
  const text = `${piece.repeat(1_000_000 / piece.length)}!`;
  const begun = performance.now();
  lastObject(text);
  expect(performance.now() - begun).toBeLessThan(2_000);
});

test('an answer of the right shape is read, and one of another shape tells what is wrong', () => {
  const schema = z.object({ a: z.number() });
  const shape = {
    jsonSchema: {},
    read: (value: unknown) => {
      const parsed = schema.safeParse(value);
      return parsed.success ? { answer: parsed.data } : { problems: ['a is no number'] };
    },
  };
  expect(readAnswer('{"a":1}', shape)).toEqual({ answer: { a: 1 } });
  expect(readAnswer('{"a":"1"}', shape)).toEqual({ problems: ['a is no number'] });
  expect(readAnswer('a: 1', shape)).toEqual({ problems: ['the answer holds no whole JSON object'] });
});
