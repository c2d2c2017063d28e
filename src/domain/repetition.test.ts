import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Deed, latest, repetitionIn } from './repetition.ts';

const deed = (what: string, result = 'the same'): Deed => ({ what, result });
const times = (count: number, ...deeds: readonly Deed[]): Deed[] => Array.from({ length: count }, () => deeds).flat();

test('the same command with the same result eight times is a repetition', () => {
  expect(repetitionIn(times(7, deed('npm test')))).toBeUndefined();
  expect(repetitionIn(times(8, deed('npm test')))).toBe('npm test: 8 times with the same result');
});

test('going in circles of two or three steps is one as well', () => {
  expect(repetitionIn(times(8, deed('edit a'), deed('undo a')))).toContain('edit a, undo a');
  expect(repetitionIn(times(8, deed('a'), deed('b'), deed('c')))).toContain('a, b, c');
});

test('what was done before does not hide it, and new results end it', () => {
  expect(repetitionIn([...times(3, deed('read')), ...times(8, deed('npm test'))])).toBeDefined();
  expect(repetitionIn([...times(8, deed('npm test')), deed('npm test', 'another')])).toBeUndefined();
});

test('work whose results always differ is never taken for a repetition', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 60 }), (whats) => {
      expect(repetitionIn(whats.map((what, index) => deed(what, String(index))))).toBeUndefined();
    }),
  );
});

test('what is remembered is enough to find every repetition', () => {
  const deeds = fc.array(fc.record({ what: fc.constantFrom('a', 'b', 'c'), result: fc.constantFrom('x', 'y') }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(deeds, (all) => {
      expect(repetitionIn(latest(all))).toEqual(repetitionIn(all));
    }),
  );
});
