import { ListToolsResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, test } from 'vitest';
import { problemsOfListing } from './listing-problems.ts';
import { problemsOfSchema } from './schema-problems.ts';

const problems = (schema: object) => problemsOfSchema('inputSchema', schema as Record<string, unknown>).join('\n');
const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });

describe('a schema is taken', () => {
  test.each<[string, object]>([
    ['with the usual keywords', object({ a: { type: 'string', minLength: 1, format: 'email' } }, { required: ['a'] })],
    [
      'of another draft, as far as it is the same',
      object({}, { $schema: 'https://json-schema.org/draft/2020-12/schema' }),
    ],
    ['that refers to its own parts', object({ a: { $ref: '#/$defs/b' } }, { $defs: { b: { type: 'number' } } })],
    [
      'that is a tree of itself',
      object({ child: { $ref: '#' }, list: { type: 'array', items: { anyOf: [{ type: 'string' }, { $ref: '#' }] } } }),
    ],
    ['with patterns of every day', object({ a: { type: 'string', pattern: '^[a-z]+(?:-[a-z]+)*$' } })],
  ])('%s', (_, schema) => {
    expect(problems(schema)).toBe('');
  });
});

describe('a schema is refused', () => {
  const chain = (length: number) =>
    Object.fromEntries(
      Array.from({ length }, (_, index) => [
        `s${index}`,
        index === 0
          ? { type: 'string' }
          : { allOf: [{ $ref: `#/$defs/s${index - 1}` }, { $ref: `#/$defs/s${index - 1}` }] },
      ]),
    );
  const deep = (levels: number): object => (levels === 0 ? {} : object({ a: deep(levels - 1) }));
  test.each<[string, object, RegExp]>([
    ['that is none', object({ a: { type: 'text' } }), /no schema that can be served/],
    ['with words that nobody checks', object({ a: { type: 'string', minLenght: 1 } }), /unknown keyword: "minLenght"/],
    [
      'with a keyword that calls are not held against',
      object({ a: { type: 'array', prefixItems: [{}] } }),
      /prefixItems/,
    ],
    ['with an unknown format', object({ a: { type: 'string', format: 'colour' } }), /unknown format "colour"/],
    ['that fetches another', object({ a: { $ref: 'https://example.org/schema' } }), /stay inside/],
    ['that refers to nothing', object({ a: { $ref: '#/$defs/none' } }), /is not there/],
    ['that is itself without an end', object({ a: { allOf: [{ $ref: '#/properties/a' }] } }), /without an end/],
    [
      'that grows without measure',
      object({ a: { $ref: '#/$defs/s20' } }, { $defs: chain(21) }),
      /more than 5000 schemas/,
    ],
    ['that is huge', object({ a: { description: 'x'.repeat(60_000) } }), /longer than 50000 bytes/],
    ['that is deep', deep(30), /deeper than 40 levels/],
    ['whose pattern takes for ever', object({ a: { type: 'string', pattern: '^(a+)+$' } }), /takes very long/],
    ['whose pattern is none', object({ a: { type: 'string', pattern: '(' } }), /no regular expression/],
  ])('%s', (_, schema, problem) => {
    expect(problems(schema)).toMatch(problem);
  });
});

describe('a schema of an input', () => {
  const listing = (schema: object) => problemsOfListing('inputSchema', schema as Record<string, unknown>).join('\n');
  const isListed = (inputSchema: object) =>
    ListToolsResultSchema.safeParse({ tools: [{ name: 'tool', description: 'A tool.', inputSchema }] }).success;
  const string = { type: 'string' };

  test.each<[string, object]>([
    ['without properties', { type: 'object' }],
    ['with a property of any value', object({ a: {} })],
    ['with choices within a property', object({ a: { oneOf: [string, { type: 'null' }] } })],
    ['with yes and no below its properties', object({ a: { type: 'array', items: true } })],
    ['whose other properties are refused', object({ a: string }, { additionalProperties: false, required: ['a'] })],
  ])('%s is taken, and clients take the list', (_, schema) => {
    expect(problems(schema)).toBe('');
    expect(listing(schema)).toBe('');
    expect(isListed(schema)).toBe(true);
  });

  test.each<[string, object, RegExp]>([
    ['of no type', { properties: {} }, /its type has to be "object"/],
    ['of another type', { type: 'string' }, /its type has to be "object"/],
    ['of several types', { type: ['object', 'null'] }, /its type has to be "object"/],
    ['with a property that is true', object({ a: true }), /the property a has to be an object/],
    ['with a property that is false', object({ b: string, a: false }), /the property a has to be an object/],
    ['with a property that is null', object({ a: null }), /the property a has to be an object/],
    ['whose properties are none', { type: 'object', properties: true }, /its properties have to be an object/],
  ])('%s is refused, as clients refuse the whole list for it', (_, schema, problem) => {
    expect(listing(schema)).toMatch(problem);
    expect(isListed(schema)).toBe(false);
  });

  test.each<[string, object, RegExp]>([
    ['oneOf', object({}, { oneOf: [{}] }), /oneOf cannot stand at its top/],
    ['anyOf', object({}, { anyOf: [{}] }), /anyOf cannot stand at its top/],
    ['allOf', object({}, { allOf: [{}] }), /allOf cannot stand at its top/],
    ['a name with a space', object({ 'a b': string }), /the property a b has to be named/],
    ['a name that is very long', object({ ['a'.repeat(65)]: string }), /has to be named by at most 64/],
  ])('with %s is refused, as the Messages API refuses the request', (_, schema, problem) => {
    expect(listing(schema)).toMatch(problem);
  });
});
