import { isJsonObject, type JsonObject, withoutProperty, withProperty } from './json-value.ts';

/** Another input made from one that is answered, and what was done to it. */
export type Mutation = { readonly kind: string; readonly input: unknown };

/** Everything that is tried with one part of an input. Whether the whole still fits its schema is for others to see. */
type Change = { readonly kind: string; readonly value: unknown };

const deepestPart = 5;
const mostItems = 3;
const mostProperties = 30;
const manyItems = 1_000;
const manyItemsBytes = 200_000;
/** A larger input is tried as it is. */
const largestInput = 20_000;
const longText = 20_000;

/** Inputs that are like this one but for a single part, most of them at some border. */
export function mutationsOf(input: unknown): readonly Mutation[] {
  if (JSON.stringify(input).length > largestInput) return [];
  return mutated(input, 0, '').map(({ kind, value }) => ({ kind, input: value }));
}

function mutated(value: unknown, depth: number, name: string): Change[] {
  const own = changesOf(value, name);
  if (depth >= deepestPart) return own;
  if (Array.isArray(value))
    return own.concat(
      value
        .slice(0, mostItems)
        .flatMap((item, index) =>
          mutated(item, depth + 1, name).map((change) => ({ ...change, value: value.with(index, change.value) })),
        ),
    );
  if (!isJsonObject(value)) return own;
  const object = value;
  return own.concat(
    Object.keys(object)
      .slice(0, mostProperties)
      .flatMap((key) => [
        { kind: `without ${key}`, value: withoutProperty(object, key) },
        ...mutated(object[key], depth + 1, key).map((change) => ({
          ...change,
          value: withProperty(object, key, change.value),
        })),
      ]),
  );
}

function changesOf(value: unknown, name: string): Change[] {
  const told = (kind: string) => (name === '' ? kind : `${name}: ${kind}`);
  const changes = kindsOf(value).map(({ kind, value: changed }) => ({ kind: told(kind), value: changed }));
  return name === '' ? changes : [...changes, { kind: told('null'), value: null }];
}

function kindsOf(value: unknown): Change[] {
  if (typeof value === 'string') return changesOfText(value);
  if (typeof value === 'number') return changesOfNumber(value);
  if (typeof value === 'boolean') return [{ kind: 'the opposite', value: !value }];
  if (Array.isArray(value)) return changesOfArray(value);
  return isJsonObject(value) ? changesOfObject(value) : [];
}

const otherTexts: readonly (readonly [string, string])[] = [
  ['empty', ''],
  ['only spaces', '   '],
  ['a letter', 'x'],
  ['letters beyond ASCII', 'Grüße, 東京 עברית'],
  ['characters of two units', '👩‍👩‍👧 𝒳 é'],
  ['a name that every object has', 'constructor'],
  ['a name with a meaning', '__proto__'],
  ['quotes and backslashes', `"'\\ \\n \${x} %s <b>&amp;</b>`],
  ['a zero character', 'a\u0000b'],
  ['words of other types', 'null'],
  ['a number as text', '-1.5e3'],
];

function changesOfText(text: string): Change[] {
  const middle = Math.floor(text.length / 2);
  const letters = [...text];
  return [
    ...otherTexts.map(([kind, value]) => ({ kind, value })),
    { kind: 'spaces around', value: `  ${text} \t` },
    { kind: 'a new line at the end', value: `${text}\n` },
    { kind: 'new lines of Windows', value: text.includes('\n') ? text.replaceAll('\n', '\r\n') : `${text}\r\n${text}` },
    { kind: 'twice', value: text + text },
    { kind: 'without its last character', value: letters.slice(0, -1).join('') },
    { kind: 'without its first character', value: letters.slice(1).join('') },
    { kind: 'one character more in the middle', value: `${text.slice(0, middle)}7${text.slice(middle)}` },
    { kind: 'capital letters', value: text.toUpperCase() },
    { kind: 'backwards', value: letters.reverse().join('') },
    { kind: 'very long', value: text === '' ? 'x'.repeat(longText) : text.repeat(Math.ceil(longText / text.length)) },
    { kind: 'one character very often', value: `${(letters[0] ?? 'a').repeat(longText)}!` },
  ];
}

function changesOfNumber(number: number): Change[] {
  const values = [
    0,
    1,
    -1,
    number + 1,
    number - 1,
    -number,
    number * 1_000,
    number + 0.5,
    1e9,
    2 ** 53 - 1,
    -(2 ** 31),
    1e-7,
    1e21,
  ];
  return [...new Set(values)]
    .filter((value) => value !== number)
    .map((value) => ({ kind: `the number ${value}`, value }));
}

function changesOfArray(array: readonly unknown[]): Change[] {
  const [first] = array;
  const averageBytes = JSON.stringify(array).length / Math.max(1, array.length);
  const length = Math.ceil(Math.min(manyItems, manyItemsBytes / averageBytes));
  const many = Array.from({ length }, (_, index) => array[index % Math.max(1, array.length)]);
  return [
    { kind: 'no items', value: [] },
    ...(array.length === 0
      ? []
      : [
          { kind: 'one item', value: [first] },
          { kind: 'the items in another order', value: array.toReversed() },
          { kind: 'an item twice', value: [...array, first] },
          { kind: 'without the last item', value: array.slice(0, -1) },
          { kind: 'very many items', value: many },
        ]),
  ];
}

function changesOfObject(object: JsonObject): Change[] {
  const [first] = Object.values(object);
  return [
    { kind: 'no properties', value: {} },
    { kind: 'its properties in another order', value: Object.fromEntries(Object.entries(object).reverse()) },
    ...['constructor', '__proto__', 'a b', ''].map((key) => ({
      kind: `a property ${JSON.stringify(key)}`,
      value: withProperty(object, key, first ?? 1),
    })),
  ];
}
