import fc from 'fast-check';
import { isJsonObject, type JsonObject } from './json-value.ts';
import { targetOf } from './schema-problems.ts';

const mostProperties = 3;
const mostItems = 4;
const longestText = 30;
const deepest = 6;
const mostParts = 500;
/** A text or list that has to be longer is not drawn. */
const longestLeast = 5_000;

/** Inputs drawn from a schema, the same for the same seed. They mostly fit it: what an expression demands is not drawn. */
export function drawnInputs(schema: JsonObject, seed: number, count: number): readonly unknown[] {
  try {
    return fc.sample(valuesOf(schema, { root: schema, made: 0 }, 0), { seed, numRuns: count });
  } catch {
    return []; // Borders that nothing can be drawn from, for example numbers beyond all that are exact.
  }
}

/** What is drawn from, and how many parts it has so far: a schema of itself has more than anybody can draw. */
type Whole = { readonly root: JsonObject; made: number };

const anyValue = fc.jsonValue({ maxDepth: 1 });

function valuesOf(schema: unknown, whole: Whole, depth: number): fc.Arbitrary<unknown> {
  if (!isJsonObject(schema)) return anyValue;
  const inner = (below: unknown) => valuesOf(below, whole, depth + 1);
  const list = (name: string) => (Array.isArray(schema[name]) ? schema[name].filter(isJsonObject) : []);
  whole.made += 1;
  if (depth > deepest || whole.made > mostParts) return fc.constant(null);
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum']) && schema['enum'].length > 0) return fc.constantFrom(...schema['enum']);
  const reference = schema['$ref'];
  if (typeof reference === 'string') return inner(targetOf(whole.root, reference));
  const choices = [...list('anyOf'), ...list('oneOf')];
  if (choices.length > 0) return fc.oneof(...choices.map((choice) => inner({ ...without(schema), ...choice })));
  const parts = list('allOf');
  if (parts.length > 0) return inner(Object.assign({}, without(schema), ...parts));
  const types = [schema['type']].flat().filter((type) => typeof type === 'string');
  const ofTypes = types.map((type) => ofType(type, schema, inner));
  return ofTypes.length > 0 ? fc.oneof(...ofTypes) : anyValue;
}

function without(schema: JsonObject): JsonObject {
  const { anyOf: _, oneOf: __, allOf: ___, ...rest } = schema;
  return rest;
}

function ofType(
  type: string,
  schema: JsonObject,
  inner: (schema: unknown) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const number = (name: string) => (typeof schema[name] === 'number' ? schema[name] : undefined);
  if ((number('minLength') ?? 0) > longestLeast || (number('minItems') ?? 0) > longestLeast) return fc.constant(null);
  switch (type) {
    case 'string':
      return texts(schema['format'], number('minLength') ?? 0, number('maxLength'));
    case 'integer':
    case 'number':
      return numbers(type, number);
    case 'boolean':
      return fc.boolean();
    case 'array': {
      const minLength = number('minItems') ?? 0;
      const maxLength = Math.max(minLength, Math.min(number('maxItems') ?? mostItems, minLength + mostItems));
      const items = fc.array(inner(schema['items']), { minLength, maxLength });
      return schema['uniqueItems'] === true
        ? items.map((all) =>
            all.filter((item, at) => all.findIndex((other) => JSON.stringify(other) === JSON.stringify(item)) === at),
          )
        : items;
    }
    case 'object':
      return objects(schema, inner);
    default:
      return fc.constant(null);
  }
}

const days = fc.date({ min: new Date('1950-01-01'), max: new Date('2090-12-31'), noInvalidDate: true });

function texts(format: unknown, minLength: number, most: number | undefined): fc.Arbitrary<unknown> {
  if (format === 'date') return days.map((day) => day.toISOString().slice(0, 10));
  if (format === 'date-time') return days.map((day) => day.toISOString());
  if (format === 'email') return fc.emailAddress();
  if (format === 'uri' || format === 'url') return fc.webUrl();
  if (format === 'uuid') return fc.uuid();
  const maxLength = Math.max(minLength, Math.min(most ?? longestText, minLength + longestText));
  const size = { minLength, maxLength };
  return fc.oneof(
    fc.string(size),
    fc.string({ ...size, unit: 'grapheme' }),
    fc.lorem({ maxCount: 4 }).map((text) => text.slice(0, maxLength)),
  );
}

function numbers(type: string, number: (name: string) => number | undefined): fc.Arbitrary<unknown> {
  const above = number('exclusiveMinimum');
  const below = number('exclusiveMaximum');
  const low = number('minimum') ?? (above === undefined ? undefined : above + 1);
  const high = number('maximum') ?? (below === undefined ? undefined : below - 1);
  const least = Math.ceil(low ?? Math.min(-1_000, (high ?? 0) - 1_000));
  const most = Math.max(least, Math.floor(high ?? Math.max(1_000, least + 1_000)));
  const step = number('multipleOf');
  if (type === 'integer' || step !== undefined)
    return fc
      .integer({ min: least, max: most })
      .map((drawn) => (step === undefined ? drawn : Math.round(drawn / step) * step));
  return fc
    .double({ min: least, max: most, noNaN: true, noDefaultInfinity: true })
    .map((drawn) => (Object.is(drawn, -0) ? 0 : drawn));
}

function objects(schema: JsonObject, inner: (schema: unknown) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const named = fc.record(Object.fromEntries(Object.entries(properties).map(([key, below]) => [key, inner(below)])), {
    requiredKeys: Object.keys(properties).filter((key) => required.includes(key)),
    noNullPrototype: true,
  });
  const more = schema['additionalProperties'];
  if (!isJsonObject(more)) return named;
  const names = fc.oneof(fc.string({ minLength: 1, maxLength: 8 }), fc.constantFrom('constructor', 'toString', 'é'));
  return fc
    .tuple(fc.dictionary(names, inner(more), { maxKeys: mostProperties, noNullPrototype: true }), named)
    .map(([others, known]) => ({ ...others, ...known }));
}
