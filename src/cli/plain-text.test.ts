import { expect, test } from 'vitest';
import { oneLine, plainText } from './plain-text.ts';

test('sequences that would steer the terminal are taken out', () => {
  expect(plainText('a\u001b[2Jb\u001b[31mc\u001b]0;title\u0007d\re\u202ef')).toBe('abcdef');
});

test('line breaks and tabs stay', () => expect(plainText('a\n\tb')).toBe('a\n\tb'));

test('a text of several lines is shown by its first, with a sign that there is more', () => {
  expect(oneLine('first\nsecond', 40)).toBe('first…');
});

test('a long line is cut to the width', () => expect(oneLine('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`));
