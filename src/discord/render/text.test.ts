import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutMarkdown, fenced, fitted, plain, plainLine } from './text.ts';

test('words of others are shown as they are: no marks, no mentions, no previews, no turned direction', () => {
  expect(plain('**loud** `code` <@1> @everyone [a](b)')).toBe(
    String.raw`\*\*loud\*\* \`code\` \<@1\> @everyone \[a\](b)`,
  );
  expect(plain('# big\n> quoted\n- listed')).toBe('\\# big\n\\> quoted\n\\- listed');
  expect(plain('see https://example.org/a_b_c now')).toBe('see <https://example.org/a_b_c> now');
  expect(plain('safe\u202etxt.exe\u0007')).toBe('safetxt.exe');
});

test('a cut never splits what a person sees as one sign', () => {
  const family = '👩‍👩‍👧‍👦';
  expect(fitted(family.repeat(4_000), 30)).toBe(`${family.repeat(2)}…`);
  expect(fitted('short', 30)).toBe('short');
});

test('nothing closes a block of code from inside', () => {
  const block = fenced('rm -rf /\n```\n@everyone **hello**', 200);
  expect(block.startsWith('```\n')).toBe(true);
  expect(block.slice(3, -3)).not.toContain('```');
});

test('a cut text closes the block of code that it was cut in', () => {
  const text = `words\n\`\`\`ts\n${'line of code\n'.repeat(300)}\`\`\`\nend`;
  const cut = cutMarkdown(text, 500);
  expect(cut.length).toBeLessThanOrEqual(500);
  expect((cut.match(/^```/gm) ?? []).length % 2).toBe(0);
});

test('whatever comes, texts keep their limits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 3_000 }), fc.integer({ min: 20, max: 500 }), (text, limit) => {
      expect(fitted(text, limit).length).toBeLessThanOrEqual(limit);
      expect(fenced(text, limit).length).toBeLessThanOrEqual(limit);
      expect(fenced(`${text}`.replaceAll(/[aeiou ]/g, '`'), limit).slice(3, -3)).not.toContain('```');
      expect(cutMarkdown(text, limit).length).toBeLessThanOrEqual(limit);
      expect(plainLine(text, limit)).not.toMatch(/[\n\u202e]/);
    }),
  );
});
