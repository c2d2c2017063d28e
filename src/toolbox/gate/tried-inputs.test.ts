import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawnInputs } from './drawn-inputs.ts';
import { fitOf } from './fit.ts';
import { isSame } from './json-value.ts';
import { mutationsOf } from './mutations.ts';
import { smallerThan } from './smaller.ts';
import { triedInputs } from './tried-inputs.ts';

const inputSchema = {
  type: 'object',
  properties: {
    title: { type: 'string' },
    size: { type: 'integer', minimum: 1, maximum: 9 },
    tags: { type: 'array', items: { type: 'string' } },
    kind: { enum: ['a', 'b'] },
  },
  required: ['title'],
  additionalProperties: false,
};
const examples = [
  { title: 'One', size: 3, tags: ['x'] },
  { title: 'Two', size: 9, tags: ['y', 'z'], kind: 'a' },
];
const { input: complaint } = fitOf({ inputSchema, outputSchema: {} });
const tried = (seed: number) => triedInputs(examples, { inputSchema }, complaint, seed);

describe('the inputs that a tool is tried with', () => {
  test('all fit its schema, and none is there twice or is an example', () => {
    const inputs = tried(1).map(({ input }) => input);
    expect(inputs.filter((input) => complaint(input) !== undefined)).toEqual([]);
    expect(new Set([...inputs, ...examples].map((input) => JSON.stringify(input))).size).toBe(inputs.length + 2);
    expect(inputs.length).toBeGreaterThan(40);
  });

  test('are the same for the same seed, and others for another', () => {
    expect(tried(5)).toEqual(tried(5));
    expect(tried(6)).not.toEqual(tried(5));
  });

  test('hold parts of one example in another', () => {
    const crossed = tried(1).filter(({ from }) => from === 'crossed');
    expect(crossed.map(({ input }) => input)).toContainEqual({ title: 'Two', size: 3, tags: ['x'] });
  });
});

test('every part of an input is taken to its borders', () => {
  const kinds = mutationsOf({ text: 'ab', list: [1], inner: { flag: true } }).map(({ kind }) => kind);
  expect(kinds).toEqual(
    expect.arrayContaining([
      'without text',
      'text: empty',
      'text: very long',
      'list: no items',
      'list: the number 0',
      'flag: the opposite',
      'inner: a property "__proto__"',
    ]),
  );
});

test('of a very large input no others are made, and a list is not made longer than can be sent', () => {
  expect(mutationsOf({ text: 'x'.repeat(30_000) })).toEqual([]);
  const longest = Math.max(
    ...mutationsOf({ list: ['x'.repeat(5_000)] }).map(({ input }) => JSON.stringify(input).length),
  );
  expect(longest).toBeLessThan(300_000);
});

test('a changed input keeps all its other parts, also those with names of a meaning', () => {
  const input: unknown = JSON.parse('{"__proto__":{"a":1},"b":"x"}');
  const [changed] = mutationsOf(input).filter(({ kind }) => kind === 'b: empty');
  expect(JSON.stringify(changed?.input)).toBe('{"__proto__":{"a":1},"b":""}');
});

describe('inputs drawn from a schema', () => {
  test.each<[string, object]>([
    ['plain types', inputSchema],
    [
      'borders and steps',
      {
        type: 'object',
        required: ['a', 'b'],
        properties: { a: { type: 'number', exclusiveMinimum: 0, maximum: 2 }, b: { type: 'integer', multipleOf: 5 } },
      },
    ],
    [
      'formats',
      {
        type: 'object',
        required: ['d', 'e'],
        properties: { d: { type: 'string', format: 'date' }, e: { type: 'string', format: 'email' } },
      },
    ],
    [
      'a choice',
      {
        type: 'object',
        required: ['v'],
        properties: { v: { anyOf: [{ type: 'null' }, { $ref: '#/$defs/n' }] } },
        $defs: { n: { type: 'boolean' } },
      },
    ],
    ['any names', { type: 'object', additionalProperties: { type: 'integer' } }],
    [
      'parts of all',
      { type: 'object', required: ['x'], properties: { x: { allOf: [{ type: 'string' }, { maxLength: 3 }] } } },
    ],
  ])('mostly fit it: %s', (_, schema) => {
    const complaintAbout = fitOf({ inputSchema: schema as Record<string, unknown>, outputSchema: {} }).input;
    const drawn = drawnInputs(schema as Record<string, unknown>, 3, 100);
    expect(drawn.filter((input) => complaintAbout(input) === undefined).length).toBeGreaterThan(90);
  });

  test.each<[string, object]>([
    [
      'texts without measure',
      { type: 'object', required: ['a'], properties: { a: { type: 'string', minLength: 1e12 } } },
    ],
    ['lists without measure', { type: 'object', required: ['a'], properties: { a: { type: 'array', minItems: 1e9 } } }],
    ['numbers beyond all', { type: 'object', required: ['a'], properties: { a: { type: 'integer', minimum: 1e300 } } }],
    [
      'borders the wrong way',
      { type: 'object', required: ['a'], properties: { a: { type: 'number', minimum: 5, maximum: 1 } } },
    ],
    [
      'a tree with very many branches',
      {
        type: 'object',
        properties: Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`b${at}`, { $ref: '#' }])),
      },
    ],
  ])('take no time without end for %s', (_, schema) => {
    expect(drawnInputs(schema as Record<string, unknown>, 1, 20).length).toBeLessThanOrEqual(20);
  });

  test('come to an end where the schema has none', () => {
    const tree = { type: 'object', properties: { child: { $ref: '#' } }, required: ['child'] };
    expect(drawnInputs(tree, 1, 5)).toHaveLength(5);
  });
});

test('whatever can be smaller is, step by step, until nothing is left', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 2 }), (value) => {
      let [least, steps]: [unknown, number] = [value, 0];
      for (let next = smallerThan(least)[0]; next !== undefined; next = smallerThan(least)[0]) {
        least = next;
        steps += 1;
        if (steps > 500) return false;
      }
      return true;
    }),
  );
});

test('values are the same whatever the order of their keys, and numbers within their precision', () => {
  expect(isSame({ a: 1, b: [0.1 + 0.2] }, { b: [0.3], a: 1 })).toBe(true);
  expect(isSame({ a: undefined }, {})).toBe(false);
  expect(isSame([1, 2], [2, 1])).toBe(false);
  expect(isSame({ a: 1 }, { a: '1' })).toBe(false);
  expect(isSame([], {})).toBe(false);
  expect(isSame(1, 1.001)).toBe(false);
});
