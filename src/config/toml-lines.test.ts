import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesOf, valueAt } from './toml-lines.ts';

const text = `# settings
[system] # the first
max = 3

agents.coach.priority = 1
[discord]
whitelist = [
  "one", # a comment with = and [brackets]
  "two",
]
note = """
[notion]
key = "not a key"
"""
"quoted key" = 1
inline = { a = 1, b = { c = 2 } }
[notion]
key = 'here'
`;

test.each([
  [['system'], 2],
  [['system', 'max'], 3],
  [['system', 'agents', 'coach', 'priority'], 5],
  [['discord', 'whitelist'], 7],
  [['discord', 'whitelist', 1], 7],
  [['discord', 'note'], 11],
  [['discord', 'quoted key'], 15],
  [['discord', 'inline', 'b', 'c'], 16],
  [['notion'], 17],
  [['notion', 'key'], 18],
  [['missing'], undefined],
] as const)('%j stands on line %s', (path, line) => {
  expect(linesOf(text, [path])).toEqual([line]);
  expect(linesOf(text.replaceAll('\n', '\r\n'), [path])).toEqual([line]);
});

test('every key of a flat file is found on its own line, whatever stands between', () => {
  const filler = fc.constantFrom('', '# comment', '   ', '# [section]');
  fc.assert(
    fc.property(fc.array(filler, { minLength: 1, maxLength: 20 }), (fillers) => {
      const lines = fillers.flatMap((line, index) => [line, `key_${index} = ${index}`]);
      const paths = fillers.map((_, index) => [`key_${index}`]);
      expect(linesOf(lines.join('\n'), paths)).toEqual(fillers.map((_, index) => index * 2 + 2));
    }),
  );
});

test('a long file is not searched', () => {
  expect(linesOf('\n'.repeat(1_000_000), [['key']])).toEqual([undefined]);
});

test('a value is found under its path, and only where it was written', () => {
  expect(valueAt({ a: { b: [1, 2] } }, ['a', 'b', 1])).toBe(2);
  expect(valueAt({ a: {} }, ['a', 'toString'])).toBeUndefined();
});
