import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messagesSaying } from './__fixtures__/saying.ts';
import { fittedMessage } from './fitted-message.ts';
import { problemOf } from './limits.ts';
import { hasOpenFence } from './text.ts';

const tricks = {
  '4,000 emoji': '😀'.repeat(4_000),
  'families of emoji': '👩‍👩‍👧‍👦'.repeat(600),
  'text from right to left': '\u202eמזל טוב \u2067abc\u2069 '.repeat(200),
  'fences of code': '```ts\nconst a = 1;\n```\n```'.repeat(120),
  'one open fence': '```sh\nrm -rf /',
  'a fence in the middle of a line': `so ${'word '.repeat(500)} \`\`\` and on`,
  backticks: '`'.repeat(3_001),
  '@everyone': '@everyone <@1> <@&2> '.repeat(200),
  'signs of no width': 'a\u200b\u200d\ufeff'.repeat(900),
  backslashes: '\\'.repeat(2_500),
  'half a sign': `${'😀'.repeat(50)}${'😀'.slice(0, 1)}`,
  'marks of every kind': '**a** __b__ ~~c~~ ||d|| > e\n# f\n- g [h](https://i.example) '.repeat(80),
  addresses: 'http://a.b '.repeat(500),
  'nothing that is seen': '\u200b \u2028',
};

/** Every text of a message that Discord reads as Markdown. */
function textsOf(message: ReturnType<typeof messagesSaying>[number]): string[] {
  const embeds = (message.embeds ?? []).flatMap(({ title = '', description = '', fields = [] }) => [
    title,
    description,
    ...fields.map(({ value }) => value),
  ]);
  return [message.content ?? '', ...embeds];
}

function check(text: string): void {
  for (const rendered of messagesSaying(text)) {
    const message = fittedMessage(rendered);
    expect(problemOf(message)).toBeUndefined();
    for (const shown of textsOf(message)) expect(hasOpenFence(shown), shown.slice(0, 200)).toBe(false);
  }
}

test.each(Object.entries(tricks))('every message keeps the limits and closes its blocks of code: %s', (_, text) => {
  check(text);
});

test('every message keeps the limits and closes its blocks of code, whatever the text', () => {
  const piece = fc.constantFrom(...Object.values(tricks).map((text) => text.slice(0, 40)), '```', '\n', 'word ');
  const mixed = fc.array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 20 })), { maxLength: 60 });
  fc.assert(
    fc.property(mixed, (pieces) => check(pieces.join(''))),
    { numRuns: 25, endOnFailure: true },
  );
});

test('a mark that would ping somebody or preview a page is never sent as one', () => {
  for (const rendered of messagesSaying('<@1> <@&2> see https://x.example/a')) {
    for (const text of textsOf(rendered)) {
      const outsideOfCode = text.replaceAll(/```.*?```|(?<!\\)`.*?`/gs, '');
      expect(outsideOfCode).not.toMatch(/(?<!\\)<@|(?<!<)https:\/\//);
    }
  }
});
