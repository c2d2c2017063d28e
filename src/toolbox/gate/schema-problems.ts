import { runInNewContext } from 'node:vm';
import { Ajv } from 'ajv';
import { visible } from './finding.ts';
import { depthOf, isJsonObject, type JsonObject } from './json-value.ts';

const mostBytes = 50_000;
const deepest = 40;
/** Schemas that are applied when everything that a schema refers to is written out. */
const mostApplied = 5_000;
const longestPattern = 500;
/** Only what never ends takes so long, on a busy machine as well. */
const patternMs = 1_000;

/** The formats that are checked when a tool is served. */
const formats = [
  ...['date', 'time', 'date-time', 'iso-time', 'iso-date-time', 'duration', 'uri', 'uri-reference', 'uri-template'],
  ...['url', 'email', 'hostname', 'ipv4', 'ipv6', 'regex', 'uuid', 'json-pointer', 'relative-json-pointer'],
  ...['byte', 'int32', 'int64', 'float', 'double', 'password', 'binary'],
];

/** What is wrong with a schema of a tool; empty when it can be served, and checked in bounded time. */
export function problemsOfSchema(name: string, schema: JsonObject): readonly string[] {
  const text = JSON.stringify(schema);
  if (Buffer.byteLength(text) > mostBytes) return [`${name} is longer than ${mostBytes} bytes`];
  if (depthOf(text) > deepest) return [`${name} is nested deeper than ${deepest} levels`];
  const reference = referencesIn(schema).find((each) => !each.startsWith('#'));
  if (reference !== undefined)
    return [`${name} refers to ${visible(reference, 80)}; a $ref has to begin with # and stay inside`];
  const size = sizeProblem(schema);
  if (size !== undefined) return [`${name} ${size}`];
  const pattern = patternsIn(schema)
    .map(patternProblem)
    .find((problem) => problem !== undefined);
  if (pattern !== undefined) return [`${name}: ${pattern}`];
  try {
    const { $schema: _, ...rest } = schema;
    strictAjv().compile(rest);
    return [];
  } catch (error) {
    return [`${name} is no schema that can be served: ${error instanceof Error ? error.message : error}`];
  }
}

/** Knows exactly what the validator knows by which calls are checked; what that would pass over is refused. */
function strictAjv(): Ajv {
  const ajv = new Ajv({ strict: true, strictTypes: false, strictTuples: false, strictRequired: false, logger: false });
  for (const format of formats) ajv.addFormat(format, true);
  return ajv;
}

/** Keywords whose schemas hold for the value itself, and those whose schemas hold for parts of it. */
const ofItself = ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else', 'dependencies'];
const ofParts = [
  'properties',
  'patternProperties',
  'additionalProperties',
  'items',
  'additionalItems',
  'contains',
].concat('propertyNames');
const namesOfSchemas = new Set(['properties', 'patternProperties', 'dependencies']);

/** The schemas below a keyword. */
function below(schema: JsonObject, keyword: string): readonly JsonObject[] {
  const value = Object.hasOwn(schema, keyword) ? schema[keyword] : undefined;
  if (Array.isArray(value)) return value.filter(isJsonObject);
  if (!isJsonObject(value)) return [];
  return namesOfSchemas.has(keyword) ? Object.values(value).filter(isJsonObject) : [value];
}

/**
 * Written out, a schema that refers to itself at the same value has no end, and one whose parts refer to each other twice
 * doubles with every level.
 */
function sizeProblem(root: JsonObject): string | undefined {
  let applied = 0;
  let problem: string | undefined;
  const walk = (schema: JsonObject, open: ReadonlySet<JsonObject>, openAtValue: ReadonlySet<JsonObject>): void => {
    applied += 1;
    if (applied > mostApplied) problem ??= `has more than ${mostApplied} schemas in it when its $ref are written out`;
    if (openAtValue.has(schema)) problem ??= 'refers to itself without an end';
    if (problem !== undefined || open.has(schema)) return;
    const opened = new Set(open).add(schema);
    const openedAtValue = new Set(openAtValue).add(schema);
    const reference = schema['$ref'];
    if (typeof reference === 'string') {
      const target = targetOf(root, reference);
      if (target === undefined) problem ??= `refers to ${visible(reference, 80)}, which is not there`;
      // What leads back to a schema that is open at another value is as deep as the value.
      else if (!open.has(target) || openAtValue.has(target)) walk(target, opened, openedAtValue);
    }
    for (const keyword of ofItself) for (const inner of below(schema, keyword)) walk(inner, opened, openedAtValue);
    for (const keyword of ofParts) for (const inner of below(schema, keyword)) walk(inner, opened, new Set());
  };
  walk(root, new Set(), new Set());
  return problem;
}

/** Where a `$ref` within a schema leads. */
export function targetOf(root: JsonObject, reference: string): JsonObject | undefined {
  let value: unknown = root;
  for (const step of reference.split('/').slice(1)) {
    const name = decoded(step).replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(value)) value = value[Number(name)];
    else value = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return isJsonObject(value) && (reference === '#' || reference.startsWith('#/')) ? value : undefined;
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step; // Not encoded at all.
  }
}

function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    ['$ref', '$dynamicRef', '$recursiveRef'].includes(key) && typeof inner === 'string' ? [inner] : referencesIn(inner),
  );
}

function patternsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(patternsIn);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'pattern' && typeof inner === 'string') return [inner];
    const names = key === 'patternProperties' && isJsonObject(inner) ? Object.keys(inner) : [];
    return [...names, ...patternsIn(inner)];
  });
}

/** Our own process holds values against these patterns: one that takes for ever would stop everything. */
function patternProblem(pattern: string): string | undefined {
  const told = visible(pattern, 80);
  if (pattern.length > longestPattern) return `the pattern ${told} is longer than ${longestPattern} characters`;
  const characters = [...new Set([...pattern, ...'aA0 -_.@/'])].filter((each) => /[\w\s.@/:,;#+-]/.test(each));
  const pairs = characters.slice(0, 12).flatMap((one) => characters.slice(0, 6).map((other) => one + other));
  const probes = [...characters, ...pairs].flatMap((each) => [`${each.repeat(300)}\n!`, `x${each.repeat(40)}\n!`]);
  try {
    runInNewContext(
      'const pattern = new RegExp(source, "u"); for (const probe of probes) pattern.test(probe);',
      { source: pattern, probes },
      { timeout: patternMs },
    );
    return undefined;
  } catch (error) {
    if (Object(error).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      return `the pattern ${told} takes very long with some texts; write it without repetitions within repetitions`;
    return `the pattern ${told} is no regular expression`;
  }
}
