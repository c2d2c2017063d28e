import { visible } from './finding.ts';
import { isJsonObject, type JsonObject } from './json-value.ts';

const combining = ['oneOf', 'anyOf', 'allOf'];
/** What the Messages API takes as the name of a property. */
const nameOfProperty = /^[\w.-]{1,64}$/;

/**
 * Why clients would refuse a tool with this schema of its input; empty when it can be listed. A client refuses the whole list for
 * one such tool, and the Messages API the whole request.
 */
export function problemsOfListing(name: string, schema: JsonObject): readonly string[] {
  const properties = Object.hasOwn(schema, 'properties') ? schema['properties'] : {};
  const combined = combining.filter((keyword) => Object.hasOwn(schema, keyword));
  return [
    ...(schema['type'] === 'object' ? [] : [`${name}: its type has to be "object"`]),
    ...combined.map((keyword) => `${name}: ${keyword} cannot stand at its top; write it within a property`),
    ...(isJsonObject(properties) ? [] : [`${name}: its properties have to be an object`]),
    ...Object.entries(isJsonObject(properties) ? properties : {}).flatMap(([key, property]) => [
      ...(isJsonObject(property)
        ? []
        : [`${name}: the schema of the property ${visible(key, 80)} has to be an object, for example {}`]),
      ...(nameOfProperty.test(key)
        ? []
        : [`${name}: the property ${visible(key, 80)} has to be named by at most 64 of a-z, A-Z, 0-9, _, . and -`]),
    ]),
  ];
}
