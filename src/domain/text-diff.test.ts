import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linesOf, unifiedDiff } from './text-diff.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spiral-diff-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lines = fc.array(fc.constantFrom('a', 'b', 'c', '', '}'), { maxLength: 30 });
const textOf = (parts: readonly string[]) => parts.map((part) => `${part}\n`).join('');

test('texts with the same lines have no difference', () => {
  expect(unifiedDiff('a\nb\n', 'a\nb\n')).toEqual([]);
  expect(unifiedDiff('', '')).toEqual([]);
});

test('a change is shown with three lines around it, and with where it is', () => {
  const before = textOf(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
  expect(unifiedDiff(before, before.replace('5\n', 'five\nand more\n'))).toEqual([
    '@@ -2,7 +2,8 @@',
    ...[' 2', ' 3', ' 4', '-5', '+five', '+and more', ' 6', ' 7', ' 8'],
  ]);
});

test('what is new or gone as a whole has no line on the other side', () => {
  expect(unifiedDiff('', 'a\nb\n')).toEqual(['@@ -0,0 +1,2 @@', '+a', '+b']);
  expect(unifiedDiff('a\n', '')).toEqual(['@@ -1,1 +0,0 @@', '-a']);
});

test('texts of many thousand lines are compared at once', () => {
  const [before, after] = [0, 1].map((side) =>
    textOf(Array.from({ length: 20_000 }, (_, line) => `${line * 2 + side}`)),
  );
  const shown = unifiedDiff(before ?? '', after ?? '');
  expect(shown).toHaveLength(40_001);
});

test('git applies each difference and gets the other text', () => {
  fc.assert(
    fc.property(lines, lines, (one, other) => {
      const [before, after] = [textOf(one), textOf(other)];
      const hunks = unifiedDiff(before, after);
      expect(hunks.length === 0).toBe(before === after);
      if (hunks.length === 0 || before === '' || after === '') return;
      writeFileSync(join(folder, 'text'), before);
      const patch = ['--- a/text', '+++ b/text', ...hunks, ''].join('\n');
      execFileSync('git', ['apply', '--unidiff-zero', '-'], { cwd: folder, input: patch, stdio: 'pipe' });
      expect(execFileSync('cat', ['text'], { cwd: folder, encoding: 'utf8' })).toBe(after);
    }),
    { numRuns: 40 },
  );
});

test('the end of the last line begins no other', () => {
  expect(linesOf('a\nb\n')).toEqual(['a', 'b']);
  expect(linesOf('a\n\n')).toEqual(['a', '']);
  expect(linesOf('a')).toEqual(['a']);
});
