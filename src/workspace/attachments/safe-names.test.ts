import { expect, test } from 'vitest';
import { safeNames } from './safe-names.ts';

test.each([
  ['notes.txt', 'notes.txt'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\me\\plan.docx', 'plan.docx'],
  ['..', 'file'],
  ['', 'file'],
  ['.env', 'env'],
  ['.git/config', 'config'],
  ['-rf', 'rf'],
  ['a\u0000b\nc.txt', 'abc.txt'],
  ['invoice\u202Egnp.exe', 'invoicegnp.exe'],
  ['zero\u200Bwidth\uFEFF.md', 'zerowidth.md'],
  ['what?<1>:"2"|*.txt', 'what__1___2___.txt'],
  ['con', '_con'],
  ['NUL.txt', '_NUL.txt'],
  ['CLAUDE.md', '_CLAUDE.md'],
  ['report. . ', 'report'],
  ['Größe 😀.csv', 'Größe 😀.csv'],
])('%j is kept as %j', (name, safe) => {
  expect(safeNames([name])).toEqual([safe]);
});

test('a name that would be too long keeps its ending', () => {
  const [latin, chinese] = safeNames([`${'a'.repeat(300)}.json`, `${'漢'.repeat(300)}.json`]);
  expect(latin).toHaveLength(100);
  expect(latin).toMatch(/a\.json$/);
  expect(Buffer.byteLength(chinese ?? '')).toBeLessThanOrEqual(200);
  expect(chinese).toMatch(/漢\.json$/);
});

test('names that are the same, or differ in case only, are numbered', () => {
  expect(safeNames(['image.png', 'x/image.png', 'IMAGE.png', 'image-2.png', 'a', 'a'])).toEqual([
    'image.png',
    'image-2.png',
    'IMAGE-3.png',
    'image-2-2.png',
    'a',
    'a-2',
  ]);
});
