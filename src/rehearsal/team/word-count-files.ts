/* The files that the developer writes in the project demo. */

export const packageJson = `{
  "name": "word-count",
  "version": "0.1.0",
  "type": "module",
  "bin": { "count": "bin/count.js" },
  "scripts": { "test": "node --test" }
}
`;

export const countSource = `/** How often each word is in a text; letters and digits of any language make words, and their case does not matter. */
export function countWords(text) {
  const counts = new Map();
  for (const word of text.toLowerCase().match(/[\\p{L}\\p{N}]+/gu) ?? []) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

/** The most frequent words, most frequent first. */
export function mostFrequent(text, count) {
  return [...countWords(text)].sort(([one, many], [other, more]) => more - many || one.localeCompare(other)).slice(0, count);
}
`;

export const countTests = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countWords, mostFrequent } from '../src/count.js';

test('words are counted whatever their case and punctuation', () => {
  assert.equal(countWords('Word, word! WORD').get('word'), 3);
});

test('words of other languages are words', () => {
  assert.equal(countWords('Über über').get('über'), 2);
});

test('a text without words has no counts', () => {
  assert.equal(countWords(' ... ').size, 0);
});

test('the most frequent words come first', () => {
  assert.deepEqual(mostFrequent('b a b', 1), [['b', 2]]);
});
`;

export const countFault = "const text = readFileSync(file, 'utf8');";

export const countMended = `let text;
try {
  text = readFileSync(file, 'utf8');
} catch (error) {
  console.error(\`cannot read \${file}: \${error.code}\`);
  process.exit(1);
}`;

export const commandSource = `#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { mostFrequent } from '../src/count.js';
const file = process.argv[2] ?? '/dev/stdin';
${countFault}
for (const [word, count] of mostFrequent(text, 10)) console.log(\`\${count} \${word}\`);
`;

export const commandTests = `import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

test('the command prints the most frequent words', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'count-')), 'text.txt');
  writeFileSync(file, 'one two two');
  const printed = execFileSync(process.execPath, ['bin/count.js', file], { encoding: 'utf8' });
  assert.equal(printed, '2 two\\n1 one\\n');
});
`;

export const readme = `# Word counter

\`\`\`js
import { mostFrequent } from 'word-count';
mostFrequent('to be or not to be', 2); // [['be', 2], ['to', 2]]
\`\`\`

In a terminal: \`node bin/count.js FILE\` prints the ten most frequent words.
`;
