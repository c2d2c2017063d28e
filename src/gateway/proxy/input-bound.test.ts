import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputBound, partsOf } from './input-bound.ts';

type Message = { readonly role: string; readonly content: unknown };

const tools = [{ name: 'Bash', input_schema: { type: 'object' } }];

function request(messages: readonly Message[], changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { model: 'claude-sonnet-5-5', max_tokens: 32_000, system: 'Be brief.', tools, messages, ...changes };
}

/** Some tokenizer: every token has at least one byte, and how many depends on the text. Marks are not counted. */
function countedBySomeModel(body: Record<string, unknown>, longestToken: number): number {
  const { messages, system, tools: offered } = body;
  const parts = [system, offered, ...(messages as Message[])].map((part) =>
    JSON.stringify(part, (key, value: unknown) => (key === 'cache_control' ? undefined : value)),
  );
  return parts.map((text) => tokensIn(text, longestToken)).reduce((sum, tokens) => sum + tokens, 400);
}

function tokensIn(text: string, longestToken: number): number {
  const bytes = Buffer.byteLength(text);
  const seed = createHash('sha256').update(text).digest();
  let tokens = 0;
  for (let at = 0; at < bytes; tokens += 1) at += 1 + ((seed[tokens % seed.length] ?? 0) % longestToken);
  return tokens;
}

const text = fc.oneof(
  fc.string({ maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 100 }),
  // More than what the bound has to spare.
  fc.string({ minLength: 100, maxLength: 200 }).map((words) => words.repeat(20)),
);
const message = fc.record({
  role: fc.constantFrom('user', 'assistant'),
  content: fc.oneof(text, fc.array(fc.record({ type: fc.constant('text'), text }), { maxLength: 3 })),
});
/** What happens to a conversation between two requests: it grows, forgets, repeats, or moves its cache mark. */
const change = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), messages: fc.array(message, { minLength: 1, maxLength: 3 }) }),
  fc.record({ kind: fc.constant('drop' as const), at: fc.nat(20) }),
  fc.record({ kind: fc.constant('repeat' as const), at: fc.nat(20) }),
  fc.record({ kind: fc.constant('mark' as const), at: fc.nat(20) }),
);

function changed(
  messages: readonly Message[],
  what: typeof change extends fc.Arbitrary<infer T> ? T : never,
): Message[] {
  switch (what.kind) {
    case 'add':
      return [...messages, ...what.messages];
    case 'drop':
      return messages.filter((_, index) => index !== what.at % messages.length);
    case 'repeat':
      return [...messages, ...messages.slice(what.at % messages.length)];
    case 'mark':
      return messages.map((one, index) =>
        index === what.at % messages.length && typeof one.content === 'string'
          ? { ...one, content: [{ type: 'text', text: one.content, cache_control: { type: 'ephemeral' } }] }
          : one,
      );
  }
}

test('the bound is never below what a model counts, whatever was learned before', () => {
  fc.assert(
    fc.property(
      fc.array(message, { minLength: 1, maxLength: 5 }),
      fc.array(change),
      fc.integer({ min: 1, max: 8 }),
      (first, changes, longest) => {
        const bound = new InputBound();
        let messages: readonly Message[] = first;
        for (const what of [undefined, ...changes]) {
          if (what !== undefined && messages.length > 0 && messages.length < 60) messages = changed(messages, what);
          const body = request(messages);
          const real = countedBySomeModel(body, longest);
          expect(bound.mostTokens(partsOf(body))).toBeGreaterThanOrEqual(real);
          bound.learn(partsOf(body), real);
        }
      },
    ),
  );
});

const long: Message = { role: 'user', content: 'word '.repeat(20_000) };
const answer: Message = { role: 'assistant', content: 'Done.' };

test('what was counted before is bounded by that count, although the cache mark has moved', () => {
  const bound = new InputBound();
  const marked = { ...long, content: [{ type: 'text', text: long.content, cache_control: { type: 'ephemeral' } }] };
  const plain = { ...long, content: [{ type: 'text', text: long.content }] };
  expect(bound.mostTokens(partsOf(request([marked])))).toBeGreaterThan(100_000);
  bound.learn(partsOf(request([marked])), 20_100);
  expect(bound.mostTokens(partsOf(request([plain, answer, { role: 'user', content: 'Go on.' }])))).toBeLessThan(21_500);
});

test('another model, or other rules for what is cleared, count anew', () => {
  const bound = new InputBound();
  bound.learn(partsOf(request([long])), 20_100);
  expect(bound.mostTokens(partsOf(request([long])))).toBeLessThan(22_000);
  for (const other of [{ model: 'claude-haiku-5-5' }, { context_management: { edits: [] } }]) {
    expect(bound.mostTokens(partsOf(request([long], other)))).toBeGreaterThan(100_000);
  }
});

test('nothing is learned from a request of which parts were cleared before it was counted, nor from a count of zero', () => {
  const bound = new InputBound();
  const clearing = request([long], { context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } });
  bound.learn(partsOf(clearing), 5_000);
  expect(bound.mostTokens(partsOf(clearing))).toBeGreaterThan(100_000);
  bound.learn(partsOf(request([long])), 0);
  expect(bound.mostTokens(partsOf(request([long])))).toBeGreaterThan(100_000);
});

test('a small picture counts as much as a large one can', () => {
  const source = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' };
  const picture: Message = { role: 'user', content: [{ type: 'image', source }] };
  expect(new InputBound().mostTokens(partsOf(request([picture])))).toBeGreaterThan(6_000);
});
