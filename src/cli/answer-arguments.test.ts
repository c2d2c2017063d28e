import { expect, test } from 'vitest';
import { grantQuestion } from './__fixtures__/tasks.ts';
import { answerFrom } from './answer-arguments.ts';
import { UsageError } from './usage-error.ts';

const question = {
  ...grantQuestion,
  kind: 'question',
  text: 'What now?',
  choices: [
    { name: 'continue', meaning: 'try again', needsText: false },
    { name: 'change', meaning: 'try again with what you say', needsText: true },
  ],
} as const;

function refusal(...typed: [string, string?]): { readonly message: string; readonly cure: string } {
  try {
    answerFrom(question, ...typed);
  } catch (error) {
    if (error instanceof UsageError) return error;
  }
  throw new Error('it was not refused');
}

test('a choice is taken by its name, in any case, with words where it needs them', () => {
  expect(answerFrom(question, ' Continue ')).toEqual({ kind: 'chosen', choice: 'continue' });
  expect(answerFrom(question, 'change', ' use bcrypt ')).toEqual({
    kind: 'chosen',
    choice: 'change',
    text: 'use bcrypt',
  });
});

test('a choice that is not offered is refused with those that are, on one line', () =>
  expect(refusal('skip\nit\u001b[2J').message).toBe('Question q7w2e9rt offers continue, change, not “skip…”.'));

test.each([undefined, '', '  '])('words that are missing are asked for with the command', (words) =>
  expect(refusal('change', words)).toMatchObject({
    message: '“change” needs your words.',
    cure: 'Say them behind it: spiral answer q7w2e9rt change "your words"',
  }),
);

test('words that would be lost are refused with the choice that takes them', () =>
  expect(refusal('continue', 'but quickly')).toMatchObject({
    message: '“continue” takes no words.',
    cure: 'Leave them out: spiral answer q7w2e9rt continue, or with words: spiral answer q7w2e9rt change "your words"',
  }));

test.each([[[]], [undefined]])('where no choices are offered any words are the answer', (choices) => {
  const { choices: _, ...open } = question;
  const free = choices ? { ...open, choices } : open;
  expect(answerFrom(free, 'Port', '8080')).toEqual({ kind: 'chosen', choice: 'answer', text: 'Port 8080' });
  expect(() => answerFrom(free, ' ')).toThrow('The answer is empty.');
});

test('a limit is answered by a grant, with the commands for it', () =>
  expect(() => answerFrom(grantQuestion, 'continue')).toThrow(
    expect.objectContaining({ cure: expect.stringContaining('spiral grant q7w2e9rt --usd 2') }),
  ));

test('a choice that may carry words takes them, and does without', () => {
  const refuse = { name: 'refuse', meaning: 'refuse it', needsText: false, takesText: true } as const;
  const permission = { ...question, kind: 'permission', choices: [...question.choices, refuse] } as const;
  expect(answerFrom(permission, 'refuse')).toEqual({ kind: 'chosen', choice: 'refuse' });
  expect(answerFrom(permission, 'refuse', 'too wide')).toEqual({ kind: 'chosen', choice: 'refuse', text: 'too wide' });
});
