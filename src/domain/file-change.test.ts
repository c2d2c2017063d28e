import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Change, type FileChange, foldChanges } from './file-change.ts';

const change = (path: string, kind: Change): FileChange => ({ path, change: kind });

test('a file that was created and then modified was created', () => {
  expect(foldChanges([change('a', 'created'), change('a', 'modified')])).toEqual([change('a', 'created')]);
});

test('a file that was created and then deleted was never there', () => {
  expect(foldChanges([change('a', 'created'), change('a', 'deleted')])).toEqual([]);
});

test('a file that was deleted and made again was modified', () => {
  expect(foldChanges([change('a', 'deleted'), change('a', 'created')])).toEqual([change('a', 'modified')]);
});

test('for every history of files, what is folded tells how the end differs from the beginning', () => {
  const contents = fc.option(fc.constantFrom('x', 'y'), { nil: undefined });
  fc.assert(
    fc.property(fc.array(contents, { minLength: 1, maxLength: 8 }), (history) => {
      const changes = history.slice(1).flatMap((after, index) => difference(history[index], after));
      const [folded] = foldChanges(changes);
      const [whole] = difference(history[0], history.at(-1));
      // A file that was changed and changed back is still listed as modified: it was touched.
      if (whole) expect(folded).toEqual(whole);
      else expect(folded === undefined || folded.change === 'modified').toBe(true);
    }),
  );
});

function difference(before: string | undefined, after: string | undefined): FileChange[] {
  if (before === after) return [];
  if (before === undefined) return [change('f', 'created')];
  return [change('f', after === undefined ? 'deleted' : 'modified')];
}
