import { expect, test } from 'vitest';
import { problemOfToolFiles } from './tool-files.ts';

function problemOf(...paths: readonly string[]): string | undefined {
  return problemOfToolFiles(new Map(paths.map((path) => [path, Buffer.from('x')])));
}

test('plain files in folders can lie in a folder of their own', () => {
  expect(problemOf('tool.json', 'index.mjs', 'test/examples.json', 'lib/a/b.py', '.hidden', 'ä/ö.txt')).toBeUndefined();
});

test.each([
  '',
  '.',
  '..',
  '../x',
  'a/../../x',
  'a/./b',
  '/etc/passwd',
  'a//b',
  'a/',
  'a\\b',
  'C:x',
  'a\0',
  'a\nb',
  'a ',
  'a.',
  ' a',
  '\ud800',
  'x'.repeat(201),
  'ä'.repeat(128),
])('the path %j is refused', (path) => {
  expect(problemOf(path)).toMatch(/is not one of a file in its folder/);
});

test('files that would be one on some system are refused', () => {
  for (const [one, other] of [
    ['a', 'A'],
    ['caf\u00e9', 'cafe\u0301'],
    ['a', 'a/b'],
    ['a/b', 'A'],
    ['a/b', 'A/c'],
  ] as const) {
    expect(problemOf(one, other), `${one} and ${other}`).toMatch(/two files have the path/);
    expect(problemOf(other, one), `${other} and ${one}`).toMatch(/two files have the path/);
  }
  expect(problemOf('a/b', 'a/c', 'b/a')).toBeUndefined();
});

test('more than a tool can have is refused', () => {
  const many = new Map(Array.from({ length: 5_001 }, (_, index) => [`file-${index}`, new Uint8Array(0)]));
  expect(problemOfToolFiles(many)).toBe('there are 5001 files, and a tool has at most 5000');
  const large = new Map([['a', new Uint8Array(64 * 1024 * 1024 + 1)]]);
  expect(problemOfToolFiles(large)).toMatch(/its files have 67108865 bytes/);
});
