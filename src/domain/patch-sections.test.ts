import { expect, test } from 'vitest';
import { patchSections } from './patch-sections.ts';

const section = (head: string, body = '@@ -0,0 +1 @@\n+text\n') => `${head}\n${body}`;

test('a diff falls into the sections of its files', () => {
  const one = section('diff --git a/a.txt b/a.txt\nindex 1..2 100644\n--- a/a.txt\n+++ b/a.txt');
  const two = section('diff --git a/b c.txt b/b c.txt\nnew file mode 100644\n--- /dev/null\n+++ b/b c.txt\t');
  const sections = patchSections(one + two);
  expect(sections).toEqual([
    { paths: ['a.txt'], text: one },
    { paths: ['b c.txt'], text: two },
  ]);
  expect(patchSections('')).toEqual([]);
});

test('both names of a renamed file are known', () => {
  const text = 'diff --git a/old.txt b/.env\nsimilarity index 100%\nrename from old.txt\nrename to .env\n';
  expect(patchSections(text)).toEqual([{ paths: ['old.txt', '.env'], text }]);
});

test('a name that git quotes is read as what it is', () => {
  const text = 'diff --git "a/\\303\\244\\t\\"x\\".txt" "b/\\303\\244\\t\\"x\\".txt"\nBinary files differ\n';
  expect(patchSections(text)[0]?.paths).toEqual(['ä\t"x".txt']);
});

test('a text that looks like a head inside a file makes no section, and names no file', () => {
  const text = section(
    'diff --git a/a b/a\n--- a/a\n+++ b/a',
    '@@ -1 +1,2 @@\n+diff --git a/.env b/.env\n--- a/b\n+++ b/c\n',
  );
  expect(patchSections(text)).toEqual([{ paths: ['a'], text }]);
});

test('what cannot be read has no paths', () => {
  expect(patchSections('diff --git something else\n')[0]?.paths).toBeUndefined();
});
