import { expect, test } from 'vitest';
import { oneLine, paragraph, plainText } from './plain-text.ts';

test('sequences that would steer the terminal are taken out', () => {
  expect(plainText('a\u001b[2Jb\u001b[31mc\u001b]0;title\u0007d\re\u202ef')).toBe('abcdef');
});

test('line breaks and tabs stay', () => expect(plainText('a\n\tb')).toBe('a\n\tb'));

test('a text of several lines is shown by its first, with a sign that there is more', () => {
  expect(oneLine('first\nsecond', 40)).toBe('first…');
});

test('a long line is cut to the width', () => expect(oneLine('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`));

test('a paragraph is broken between words, and a word that is too long within itself', () => {
  expect(paragraph('one two\nthree \u001b[2Jfour xxxxxxxxxxxx', { width: 9, most: 9 })).toEqual([
    'one two',
    'three',
    'four',
    'xxxxxxxxx',
    'xxx',
  ]);
});

test('a paragraph that is too long ends with a sign that there is more', () =>
  expect(paragraph('one two three four', { width: 5, most: 2 })).toEqual(['one', 'two…']));

test('what breaks a line unseen is taken out', () => expect(plainText('a\u2028b\u200bc')).toBe('abc'));
