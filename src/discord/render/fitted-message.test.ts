import { ButtonStyle, ComponentType } from 'discord-api-types/v10';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Outgoing } from '../outbox/outgoing.ts';
import { fittedMessage } from './fitted-message.ts';
import { limits, problemOf } from './limits.ts';
import { hasOpenFence } from './text.ts';

function wholeOf({ files = [] }: Outgoing): string {
  return new TextDecoder().decode(files.find(({ name }) => name === 'message.md')?.content);
}

function button(label: string, custom_id: string) {
  return { type: ComponentType.Button, style: ButtonStyle.Secondary, label, custom_id } as const;
}

test('a message that Discord takes stays as it is', () => {
  const message = { content: 'hello', embeds: [{ title: 'x' }], components: [] };
  expect(fittedMessage(message)).toBe(message);
});

test('what is too long is cut with its block of code closed, and comes whole as a file', () => {
  const content = `look:\n\`\`\`ts\n${'const a = 1;\n'.repeat(400)}\`\`\`\nthe end`;
  const message = fittedMessage({ content });
  expect(problemOf(message)).toBeUndefined();
  expect(hasOpenFence(message.content ?? '')).toBe(false);
  expect(message.content).toMatch(/-# 📎 cut: all of it is in message\.md$/);
  expect(wholeOf(message)).toBe(content);
});

test('the name of an agent has room before its words', () => {
  const said = { content: 'a'.repeat(limits.content), voice: 'project-manager' } as const;
  expect(fittedMessage({ content: said.content }).content).toBe(said.content);
  expect(fittedMessage(said).content?.length).toBeLessThanOrEqual(limits.content - limits.voice);
});

test('embeds that are too long together give way where they are longest, and the file has every word', () => {
  const embeds = [
    { title: 'short', description: 'stays' },
    { title: 'long', description: 'b'.repeat(4_000), fields: [{ name: 'last', value: 'c'.repeat(1_000) }] },
    { title: 'too long', description: 'd'.repeat(5_000) },
  ];
  const message = fittedMessage({ embeds });
  expect(problemOf(message)).toBeUndefined();
  expect(message.embeds?.[0]).toEqual(embeds[0]);
  expect(message.embeds?.[1]?.fields).toEqual(embeds[1]?.fields);
  for (const { description } of embeds) expect(wholeOf(message)).toContain(description);
});

test('half a sign is replaced, and an empty message says something', () => {
  expect(fittedMessage({ content: `a${'😀'.slice(0, 1)}b` }).content).toBe('a\ufffdb');
  expect(fittedMessage({ content: String.raw`\ud83d 😀` }).content).toBe(String.raw`\ud83d 😀`);
  expect(fittedMessage({ content: ' ' }).content).toBe('…');
  expect(fittedMessage({ embeds: [{}] }).embeds).toEqual([{ description: '…' }]);
});

test('buttons go into rows of five, each with a name of its own; how many are left out is said', () => {
  const many = Array.from({ length: 30 }, (_, index) =>
    button(`Choice ${index} ${'long'.repeat(30)}`, `id:${index % 28}`),
  );
  const message = fittedMessage({
    content: 'which?',
    components: [{ type: ComponentType.ActionRow, components: many }],
  });
  expect(problemOf(message)).toBeUndefined();
  expect(message.components?.map(({ components }) => components.length)).toEqual([5, 5, 5, 5, 5]);
  expect(message.content).toContain('5 of its buttons have no room');
});

test('files that cannot come are named', () => {
  const file = (name: string, bytes = 10) => ({ name, content: new Uint8Array(bytes) });
  const files = [
    file('huge.zip', limits.fileBytes + 1),
    ...Array.from({ length: 11 }, (_, index) => file(`${index}.ts`)),
  ];
  const message = fittedMessage({ content: 'here', files });
  expect(problemOf(message)).toBeUndefined();
  expect(message.files).toHaveLength(limits.files);
  expect(message.content).toContain('huge.zip, 10.ts');
});

describe('whatever comes', () => {
  const text = (maxLength: number) =>
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc
        .tuple(fc.constantFrom('😀', '```\n', '`', '@everyone ', 'a\u200b', '\ud83d', '\\', 'ab\n'), fc.nat(maxLength))
        .map(([piece, times]) => piece.repeat(times)),
    );
  const embed = fc.record(
    {
      title: text(300),
      description: text(5_000),
      footer: fc.record({ text: text(3_000) }),
      fields: fc.array(fc.record({ name: text(300), value: text(1_500) }), { maxLength: 30 }),
    },
    { requiredKeys: [] },
  );
  const part = fc.tuple(text(100), text(60)).map(([label, id]) => button(label, id.slice(0, 150) || 'x'));
  const components = fc.array(
    fc.array(part, { maxLength: 8 }).map((all) => ({ type: ComponentType.ActionRow as const, components: all })),
    { maxLength: 7 },
  );
  const message: fc.Arbitrary<Outgoing> = fc.record(
    { content: text(4_000), embeds: fc.array(embed, { maxLength: 12 }), components, voice: fc.constant('developer') },
    { requiredKeys: [] },
  );

  test('Discord takes it, and no block of code that was cut stays open', () => {
    fc.assert(
      fc.property(message, (given) => {
        const fit = fittedMessage(given);
        expect(problemOf(fit)).toBeUndefined();
        const wasOpen = hasOpenFence(given.content ?? '');
        if (!wasOpen) expect(hasOpenFence(fit.content ?? '')).toBe(false);
      }),
      { numRuns: 80, endOnFailure: true },
    );
  });
});
