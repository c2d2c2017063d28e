/** An object as JSON has it: no array, and not null. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What differs less is the same number, written by another way of computing. */
const relativeDifference = 1e-9;

/** Whether two JSON values say the same; keys have no order. */
export function isSame(one: unknown, other: unknown): boolean {
  if (typeof one === 'number' && typeof other === 'number')
    return one === other || Math.abs(one - other) <= relativeDifference * Math.max(Math.abs(one), Math.abs(other));
  if (Array.isArray(one))
    return (
      Array.isArray(other) && one.length === other.length && one.every((item, index) => isSame(item, other[index]))
    );
  if (!isJsonObject(one)) return one === other;
  if (!isJsonObject(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]))
  );
}

/** Whether a value has at least the fields of another, at any depth; lists are as long as each other, and all else is the same. */
export function hasWithin(whole: unknown, part: unknown): boolean {
  if (Array.isArray(part) && Array.isArray(whole))
    return part.length === whole.length && part.every((item, index) => hasWithin(whole[index], item));
  if (!isJsonObject(part) || !isJsonObject(whole)) return isSame(part, whole);
  return Object.keys(part).every((key) => Object.hasOwn(whole, key) && hasWithin(whole[key], part[key]));
}

/** How deep arrays and objects lie in each other in a JSON text, without reading it as one. */
export function depthOf(text: string): number {
  let [depth, deepest, inString] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    else if (character === '}' || character === ']') depth -= 1;
  }
  return deepest;
}

/** A copy with one property more or another value; `__proto__` is a name like any other. */
export function withProperty(object: JsonObject, name: string, value: unknown): JsonObject {
  return Object.defineProperty({ ...object }, name, { value, enumerable: true, configurable: true, writable: true });
}

/** A copy without one property. */
export function withoutProperty(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
}
