import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extractiveSummary, memoryFor, summaryTokens } from './conversation-memory.ts';
import type { Message } from './message.ts';
import { tokensOf } from './tokens.ts';

type Said = Pick<Message, 'number' | 'author' | 'text'>;

const nothing = { summary: '', upTo: 0 };
const said = (number: number, text: string, author: Said['author'] = 'developer'): Said => ({ number, author, text });
const numbersOf = (messages: readonly Said[]) => messages.map(({ number }) => number);
const texts = fc.array(fc.string({ maxLength: 400 }), { maxLength: 60 });
const all = (texts: readonly string[]) => texts.map((text, index) => said(index + 1, text));

describe('what an agent is told', () => {
  test('is every message as it is while there is room', () => {
    const messages = all(['one', 'two', 'three']);
    expect(memoryFor(nothing, messages, 300)).toEqual({ summary: '', verbatim: messages, toSummarise: [] });
  });

  test('is the newest messages and a summary of the others when there is none, and a new one is due for many at once', () => {
    const messages = all(Array.from({ length: 30 }, () => 'x'.repeat(120)));
    const { verbatim, toSummarise } = memoryFor(nothing, messages, 900);
    expect(numbersOf([...toSummarise, ...verbatim])).toEqual(numbersOf(messages));
    expect(verbatim.length).toBeGreaterThan(5);
    const memory = { summary: 'it was about x', upTo: toSummarise.at(-1)?.number ?? 0 };
    for (const more of [0, 1, 2, 3]) {
      const later = [...messages, ...Array.from({ length: more }, (_, index) => said(31 + index, 'x'.repeat(120)))];
      expect(memoryFor(memory, later, 900)).toMatchObject({ summary: 'it was about x', toSummarise: [] });
    }
  });

  test('never holds a message twice or leaves one out, and stays within its tokens', () => {
    fc.assert(
      fc.property(
        texts,
        fc.nat(70),
        fc.string({ maxLength: 2000 }),
        fc.integer({ min: 60, max: 3000 }),
        (said, upTo, summary, tokens) => {
          const messages = all(said);
          const told = memoryFor({ summary, upTo }, messages, tokens);
          expect(numbersOf([...told.toSummarise, ...told.verbatim])).toEqual(
            numbersOf(messages.filter(({ number }) => number > upTo)),
          );
          const spent = [told.summary, ...told.verbatim.map(({ text }) => text)].map(tokensOf);
          expect(spent.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(tokens);
          expect(tokensOf(told.summary)).toBeLessThanOrEqual(summaryTokens(tokens));
        },
      ),
    );
  });

  test('holds the newest message also when it alone is too long, cut', () => {
    const told = memoryFor(nothing, [said(1, 'short'), said(2, 'y'.repeat(10_000))], 300);
    expect(numbersOf(told.verbatim)).toEqual([2]);
    expect(told.verbatim[0]?.text).toMatch(/^y+…$/);
    expect(numbersOf(memoryFor(nothing, [said(1, 'y'.repeat(10_000))], 300).verbatim)).toEqual([1]);
  });

  test('needs no summary again once the one that was due is made', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 60, max: 1000 }), (said, tokens) => {
        const messages = all(said);
        const { toSummarise } = memoryFor(nothing, messages, tokens);
        const upTo = toSummarise.at(-1)?.number ?? 0;
        expect(memoryFor({ summary: 'so', upTo }, messages, tokens).toSummarise).toEqual([]);
      }),
    );
  });
});

describe('a summary without a model', () => {
  const first = said(
    1,
    'We build the booking page for Marguerite Okafor. The port is 7431 and the database is called harbour_main. We decided to use Redis instead of Kafka.',
    'human',
  );
  const facts = ['Marguerite Okafor', '7431', 'harbour_main', 'Redis instead of Kafka'];
  const chatter = (number: number) =>
    said(
      number,
      `Message ${number} says that module M${number * 7} must take ${number * 13} ms. Shall I change \`file${number}.ts\`?`,
    );

  test('still knows the facts of message 1 after 200 messages, made step by step', () => {
    let summary = '';
    let waiting: Said[] = [];
    for (let number = 1; number <= 200; number += 1) {
      waiting.push(number === 1 ? first : chatter(number));
      if (number % 10 !== 0) continue;
      summary = extractiveSummary(summary, waiting, 400);
      waiting = [];
      expect(tokensOf(summary)).toBeLessThanOrEqual(400);
    }
    for (const fact of facts) expect(summary).toContain(fact);
    expect(summary).toContain('#200');
  });

  test('still knows them when all is summarised at once', () => {
    const summary = extractiveSummary(
      '',
      [first, ...Array.from({ length: 199 }, (_, index) => chatter(index + 2))],
      400,
    );
    for (const fact of facts) expect(summary).toContain(fact);
  });

  test('keeps what was decided in the middle, and leaves what says nothing', () => {
    const messages = Array.from({ length: 200 }, (_, index) =>
      said(index + 1, `I keep thinking about it, part ${'abc'[index % 3]}`),
    );
    messages[99] = said(100, 'We decided on PostgreSQL 17 and never on a second store.', 'decision-maker');
    messages[119] = said(120, 'Thank you so much, that is really helpful!', 'quality-assurance');
    const summary = extractiveSummary('', messages, 120);
    expect(summary).toContain('#100 decision-maker: We decided on PostgreSQL 17');
    expect(summary).not.toContain('helpful');
  });

  test('keeps the questions', () => {
    expect(extractiveSummary('', [said(4, 'I wonder. Who owns the certificate?')], 50)).toBe(
      '#4 developer: Who owns the certificate?',
    );
  });

  test('keeps what a model wrote before', () => {
    const summary = extractiveSummary('They chose blue for 12 pages.\nAda leads.', [said(9, 'The limit is 30.')], 60);
    expect(summary).toBe('They chose blue for 12 pages.\nAda leads.\n#9 developer: The limit is 30.');
  });

  test('says nothing twice, and made again of nothing new stays as it is', () => {
    const once = extractiveSummary(
      '',
      [first, said(2, 'the port is 7431, and the database is called harbour_main!'), chatter(3)],
      300,
    );
    expect(once.match(/7431/g)).toHaveLength(1);
    expect(extractiveSummary(once, [], 300)).toBe(once);
    expect(extractiveSummary(once, [first], 300)).toBe(once);
  });

  test('is bounded, whatever was said before and now', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 3000 }), texts, fc.integer({ min: 0, max: 500 }), (previous, said, tokens) => {
        expect(tokensOf(extractiveSummary(previous, all(said), tokens))).toBeLessThanOrEqual(tokens);
      }),
    );
  });

  test('shortens a message 1 that is itself long to what has facts', () => {
    const long = `${'It would be nice if it was nice. '.repeat(300)}The key is called AMBER-99. ${'And so on and on. '.repeat(300)}`;
    expect(extractiveSummary('', [said(1, long, 'human')], 100)).toContain('AMBER-99');
  });
});
