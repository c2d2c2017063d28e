import { expect, test } from 'vitest';
import { asFindings, shown, visible } from './finding.ts';

test('what cannot be seen is made visible, and lines become one', () => {
  expect(visible('a\n\u001b[31m\u202eb\u0000')).toBe('a\\n\\u{1b}[31m\\u{202e}b\\u{0}');
});

test('a finding has at most 500 characters, whatever it is made of', () => {
  for (const text of ['x'.repeat(10_000), '\u0000'.repeat(400), 'ä'.repeat(501)])
    expect(visible(text).length).toBeLessThanOrEqual(500);
  expect(visible('x'.repeat(500))).toBe('x'.repeat(500));
});

test('there are at most twenty, each once, and of the rest it is told how many', () => {
  const many = asFindings(Array.from({ length: 50 }, (_, index) => `finding ${index}`));
  expect(many).toHaveLength(20);
  expect(many.at(-1)).toBe('… and 31 more of this kind');
  expect(asFindings(['a', 'a', 'b'])).toEqual(['a', 'b']);
});

test('of long texts and lists in a value the beginning is shown', () => {
  expect(shown({ a: 'x'.repeat(20_000), b: Array.from({ length: 100 }, () => 1) })).toMatch(
    /^\{"a":"x{40}… \(20000 characters\)","b":\[1,1,1,1,"… 100 items"\]\}$/,
  );
});
