import { isJsonObject, withoutProperty, withProperty } from './json-value.ts';

/** Values that are a step smaller than this one, the smallest first. */
export function smallerThan(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return [...new Set(smallerTexts(value))].filter((text) => text.length < value.length);
  if (typeof value === 'number')
    return [0, 1, Math.trunc(value / 2)].filter((number) => Math.abs(number) < Math.abs(value));
  if (Array.isArray(value)) return smallerArrays(value);
  if (!isJsonObject(value)) return [];
  const object = value;
  const keys = Object.keys(object);
  return [
    ...keys.map((key) => withoutProperty(object, key)),
    ...keys.flatMap((key) => smallerThan(object[key]).map((smaller) => withProperty(object, key, smaller))),
  ];
}

function smallerTexts(text: string): string[] {
  const letters = [...text];
  const half = Math.ceil(letters.length / 2);
  return [
    [],
    letters.slice(0, 1),
    letters.slice(0, half),
    letters.slice(half),
    letters.slice(1),
    letters.slice(0, -1),
  ].map((part) => part.join(''));
}

function smallerArrays(array: readonly unknown[]): unknown[][] {
  if (array.length === 0) return [];
  const half = Math.ceil(array.length / 2);
  const parts = [[], array.slice(0, 1), array.slice(0, half), array.slice(half), array.slice(0, -1)];
  const [first] = array;
  return [
    ...parts.filter((part) => part.length < array.length),
    ...smallerThan(first).map((smaller) => [smaller, ...array.slice(1)]),
  ];
}
