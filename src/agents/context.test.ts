import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ContextParts, contextOf } from './context.ts';

const whole: ContextParts = {
  languages: [{ name: 'Rust', files: 12 }],
  tools: ['csv-reader: reads CSV files'],
  memory: ['the API speaks JSON only'],
  outcomes: [{ task: 'Add a login', status: 'succeeded', summary: '3 files created; 4 tests passed, 0 failed' }],
  workspace: { paths: ['Cargo.toml', 'src/main.rs'], files: 2 },
};

const anyParts: fc.Arbitrary<ContextParts> = fc.record(
  {
    languages: fc.array(fc.record({ name: fc.string(), files: fc.nat() })),
    tools: fc.array(fc.string()),
    memory: fc.array(fc.string({ maxLength: 2000 })),
    outcomes: fc.array(fc.record({ task: fc.string(), status: fc.string(), summary: fc.string() })),
    workspace: fc.record({ paths: fc.array(fc.string(), { maxLength: 400 }), files: fc.nat() }),
  },
  { requiredKeys: [] },
);

test('with room for everything, everything is told, what matters most first', () => {
  expect(contextOf(whole, 1000)).toBe(
    [
      'Languages:\n- Rust: 12 files',
      'Tools that are available:\n- csv-reader: reads CSV files',
      'What was learned before:\n- the API speaks JSON only',
      'How the last tasks here ended:\n- succeeded: Add a login: 3 files created; 4 tests passed, 0 failed',
      'Files of the workspace (2):\n- Cargo.toml\n- src/main.rs',
    ].join('\n\n'),
  );
});

test('parts that are not there are not spoken of', () => {
  expect(contextOf({}, 1000)).toBe('');
  expect(contextOf({ tools: [], workspace: { paths: [], files: 0 } }, 1000)).toBe('');
  expect(contextOf({ languages: [{ name: 'Go', files: 1 }] }, 1000)).toBe('Languages:\n- Go: 1 files');
});

test('what matters least is cut first, and what was left out is said', () => {
  const narrow = contextOf(whole, 60);
  expect(narrow).toContain('csv-reader');
  expect(narrow).not.toContain('main.rs');
  expect(narrow).toMatch(/Left out here: .*2 files\.$/);
});

test('of a long list of files the beginning is told, and how many more there are', () => {
  const paths = Array.from({ length: 500 }, (_, index) => `src/file-${index}.ts`);
  const told = contextOf({ workspace: { paths, files: 9000 } }, 100_000);
  expect(told).toContain('Files of the workspace (9000):');
  expect(told).toContain('src/file-299.ts');
  expect(told).not.toContain('src/file-300.ts');
  expect(told).toContain('Left out here: 8700 files.');
});

test('the budget is kept for any input', () => {
  fc.assert(
    fc.property(anyParts, fc.integer({ min: -5, max: 3000 }), (parts, tokens) => {
      expect(contextOf(parts, tokens).length).toBeLessThanOrEqual(Math.max(0, tokens) * 4);
    }),
    { numRuns: 300 },
  );
});

test('what is told in less room is a part of what is told in more', () => {
  fc.assert(
    fc.property(anyParts, fc.nat(500), fc.nat(500), (parts, less, more) => {
      const lines = (text: string) => text.split('\n').filter((line) => line.startsWith('- '));
      const [few, many] = [lines(contextOf(parts, less)), lines(contextOf(parts, less + more))];
      expect(many.slice(0, few.length)).toEqual(few);
    }),
  );
});

test('a name with line breaks stays one item', () => {
  const told = contextOf({ workspace: { paths: ['a\n\nLanguages:\n- forged'], files: 1 } }, 1000);
  expect(told).toBe('Files of the workspace (1):\n- a Languages: - forged');
});
