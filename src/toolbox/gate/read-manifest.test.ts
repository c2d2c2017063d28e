import { describe, expect, test } from 'vitest';
import { readCandidate } from './read-manifest.ts';

const manifest = {
  name: 'echo',
  version: '1.0.0',
  description: 'Says what it was told.',
  inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
  outputSchema: { type: 'object' },
  language: 'node',
  entry: 'index.mjs',
};
const examples = [{ name: 'a word', input: { text: 'a' }, output: {} }];

type Parts = { readonly manifest?: unknown; readonly examples?: unknown; readonly more?: Record<string, string> };

function problemsOf(parts: Parts): string {
  const texts = {
    'tool.json': JSON.stringify(parts.manifest ?? manifest),
    'test/examples.json': JSON.stringify(parts.examples ?? examples),
    'index.mjs': '',
    ...parts.more,
  };
  const files = new Map(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)]));
  return readCandidate({ files, version: '3.1.0' }).problems.join('\n');
}

test('a candidate whose parts fit together has no problems', () => {
  expect(problemsOf({})).toBe('');
});

test('rights to the workspace and to absolute paths can be asked for', () => {
  const permissions = { read: ['$WORKSPACE', '/data/words.txt'], write: ['$WORKSPACE/out'] };
  expect(problemsOf({ manifest: { ...manifest, permissions } })).toBe('');
});

test('the version that its author gave does not count, whatever it is', () => {
  expect(problemsOf({ manifest: { ...manifest, version: 'the best' } })).toBe('');
});

test('an example that has to fail may have an input that the schema refuses', () => {
  expect(problemsOf({ examples: [...examples, { name: 'none', input: {}, error: true }] })).toBe('');
});

describe('a candidate is refused', () => {
  test.each<[string, Parts, RegExp]>([
    ['with a name that leads elsewhere', { manifest: { ...manifest, name: '../x' } }, /name has small letters/],
    [
      'with a description without measure',
      { manifest: { ...manifest, description: 'x'.repeat(1_000_000) } },
      /longer than 500000 bytes/,
    ],
    ['with a manifest that is no JSON', { more: { 'tool.json': '{' } }, /tool.json is no JSON/],
    ['with a manifest that is a list', { manifest: [] }, /no JSON object/],
    ['with a manifest nested without measure', { more: { 'tool.json': '['.repeat(50_000) } }, /deeper than 100/],
    ['with a manifest that has more to say', { manifest: { ...manifest, approved: true } }, /approved/],
    ...['$WORKSPACE/../../root', '/data/../etc', 'notes', '$WORKSPACES/a', '~/.ssh'].map(
      (path): [string, Parts, RegExp] => [
        `with a right to ${path}`,
        { manifest: { ...manifest, permissions: { read: [path] } } },
        /neither an absolute path nor one within/,
      ],
    ),
    ['without its entry', { manifest: { ...manifest, entry: 'main.mjs' } }, /no file "main.mjs"/],
    [
      'with an input that is no object',
      { manifest: { ...manifest, inputSchema: { type: 'string' } } },
      /has to be "object"/,
    ],
    ['with a command beside its language', { manifest: { ...manifest, command: ['node', '$ENTRY'] } }, /command/],
    [
      'without the command that it needs',
      { manifest: { ...manifest, language: 'command' } },
      /has to say how it is run/,
    ],
    ['with a file outside', { more: { '../index.mjs': '' } }, /not one of a file in its folder/],
    [
      'with too many files',
      { more: Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`${at}.txt`, ''])) },
      /at most 200/,
    ],
    ['with files that are too large', { more: { 'data.txt': 'x'.repeat(5 * 1024 * 1024) } }, /at most 5242880/],
    ['without an example', { examples: [] }, /examples.json/],
    [
      'with examples that all have to fail',
      { examples: [{ name: 'x', input: {}, error: true }] },
      /at least one example/,
    ],
    ['with an example whose input does not fit', { examples: [{ name: 'x', input: {} }] }, /input does not fit/],
    [
      'with an example whose output does not fit',
      { examples: [{ name: 'x', input: { text: '' }, output: 1 }] },
      /output does not fit/,
    ],
  ])('%s', (_, parts, problem) => {
    expect(problemsOf(parts)).toMatch(problem);
  });
});
