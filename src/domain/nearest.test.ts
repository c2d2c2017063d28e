import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

const commands = ['doctor', 'init', 'serve', 'tasks', 'pending', 'project-manager', 'software_developer'];

test.each([
  ['docter', 'doctor'],
  ['tsaks', 'tasks'],
  ['SERVE', 'serve'],
  ['servr', 'serve'],
  ['developer', 'software_developer'],
  ['projectmanager', 'project-manager'],
  ['ini', 'init'],
])('%s means %s', (word, meant) => {
  expect(nearest(word, commands)).toBe(meant);
});

test.each(['', '  ', 'x', 'refactor', 'on'])('"%s" means none of them', (word) => {
  expect(nearest(word, commands)).toBeUndefined();
});

test('a word that is a candidate means itself, and one slip never leads nowhere', () => {
  const words = fc.uniqueArray(fc.stringMatching(/^[a-z]{4,12}$/), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(words, fc.nat(), fc.nat(), (candidates, which, where) => {
      const word = candidates[which % candidates.length] ?? '';
      expect(nearest(word, candidates)).toBe(word);
      const index = where % word.length;
      expect(nearest(word.slice(0, index) + word.slice(index + 1), candidates)).toBeDefined();
    }),
  );
});
