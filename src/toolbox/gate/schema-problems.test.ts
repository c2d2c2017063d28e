import { describe, expect, test } from 'vitest';
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
