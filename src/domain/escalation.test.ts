import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escalationChoices, escalationQuestion } from './escalation.ts';
import type { Message } from './message.ts';
import { problemOfChoice } from './question.ts';

type Told = Pick<Message, 'number' | 'author' | 'text'>;

const nothing = { topic: 'the cache', memory: { summary: '', upTo: 0 } };
const messages: readonly Told[] = [
  { number: 1, author: 'human', text: 'How large must the cache be for 400 users?' },
  { number: 2, author: 'developer', text: 'Hm, well. I measured 12 MB for each user.' },
  { number: 3, author: 'quality-assurance', text: 'I doubt it.' },
];

test('a person is told why, who said how much, what was said and what was said last', () => {
  const { text } = escalationQuestion(nothing, messages, 'developer has used its messages');
  expect(text.split('\n')).toEqual([
    'The conversation about “the cache” has come to a limit: developer has used its messages.',
    'Messages: developer 1, quality-assurance 1, human 1.',
    '#1 human: How large must the cache be for 400 users?',
    '#2 developer: I measured 12 MB for each user.',
    'Last, quality-assurance: I doubt it.',
    'How is it to go on?',
  ]);
});

test('what a summary holds is told from there', () => {
  const memory = { summary: 'They talk of 400 users.', upTo: 2 };
  const { text } = escalationQuestion({ ...nothing, memory }, messages, 'so');
  expect(text).toContain('They talk of 400 users.');
  expect(text).not.toContain('#2');
});

test('it offers to go on, to decide and to close, and takes words where they are of use', () => {
  const question = { id: 'aaaaaaaa', choices: escalationChoices };
  expect(escalationChoices.map(({ name }) => name)).toEqual(['continue', 'decide', 'close']);
  expect(problemOfChoice(question, 'continue')).toBeUndefined();
  expect(problemOfChoice(question, 'decide')).toBeDefined();
  expect(problemOfChoice(question, 'close')).toBeUndefined();
  expect(escalationChoices.find(({ name }) => name === 'continue')?.takesText).toBe(true);
});

test('however much was said, the question is short and ends with what is asked', () => {
  const text = fc.string({ maxLength: 5000 });
  fc.assert(
    fc.property(text, text, fc.array(text, { maxLength: 20 }), text, (topic, summary, said, reason) => {
      const told = said.map((text, index): Told => ({ number: index + 1, author: 'developer', text }));
      const question = escalationQuestion({ topic, memory: { summary, upTo: 0 } }, told, reason);
      expect(question.text.length).toBeLessThanOrEqual(1600);
      expect(question.text.endsWith('How is it to go on?')).toBe(true);
    }),
  );
});
