import { describe, expect, test } from 'vitest';
import { describedTools, offeredTools } from './__fixtures__/described-tools.ts';
import { indexOf } from './search.ts';
import { stemsOf } from './words.ts';

const index = await indexOf(offeredTools());

function found(text: string, limit = 3): string[] {
  return index(text, limit).map(({ tool }) => tool.manifest.name);
}

test.each(describedTools)('$name is among the first three for: $request', ({ name, request }) => {
  expect(found(request)).toContain(name);
});

test('in words that it does not have a tool is mostly not found, so that a search alone refuses nobody', () => {
  const hard = describedTools.flatMap(({ name, paraphrase }) =>
    paraphrase === undefined ? [] : [{ name, paraphrase }],
  );
  const third = hard.filter(({ name, paraphrase }) => found(paraphrase).includes(name));
  expect(`${third.length} of ${hard.length}`).toBe('9 of 38');
});

test('a mistyped name, a name in one piece and a name in pieces find the tool', () => {
  expect(found('sitemap-prase')[0]).toBe('sitemap-parse');
  expect(found('csvToJson')[0]).toBe('csv-to-json');
  expect(found('csv2json')).toContain('csv-to-json');
  expect(found('dedup')).toContain('dedupe-rows');
});

describe('what is found', () => {
  test('has at most as many tools as are wanted, best first', () => {
    const all = index('convert json', 50);
    expect(all.length).toBeGreaterThan(5);
    expect(index('convert json', 2).map(({ tool }) => tool)).toEqual(all.slice(0, 2).map(({ tool }) => tool));
    const scores = all.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((one, other) => other - one));
  });

  test('is nothing where there is nothing to look for, or nothing to find', async () => {
    for (const text of ['', '   ', '\0', '🙂']) expect(found(text)).toEqual([]);
    expect(found('convert json', 0)).toEqual([]);
    const none = await indexOf([]);
    expect(none('csv', 3)).toEqual([]);
  });
});

test('forms of a word have one stem, and words that tell nothing have none', () => {
  expect(stemsOf('Parsing, parses, parsed, parser')).toEqual(['pars', 'pars', 'pars', 'pars']);
  expect(stemsOf('validates validation validate')).toEqual(['validat', 'validat', 'validat']);
  expect(stemsOf('duplicates duplicate running runs run')).toEqual(['duplicat', 'duplicat', 'run', 'run', 'run']);
  expect(stemsOf('a tool that is for the files')).toEqual(['fil']);
  expect(stemsOf('address css')).toEqual(['address', 'css']);
});
