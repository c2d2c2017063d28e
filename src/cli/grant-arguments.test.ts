import { expect, test } from 'vitest';
import { grantQuestion } from './__fixtures__/tasks.ts';
import { aheadFrom, answerFrom, grantWishFrom } from './grant-arguments.ts';

test('amounts are taken as they are typed', () => {
  expect(grantWishFrom({ usd: '2.50', prompts: '3', tokens: '1000000' })).toEqual({
    usd: 2.5,
    prompts: 3,
    tokens: 1_000_000,
  });
  expect(grantWishFrom({ refuse: true })).toBe('refuse');
});

test.each([{ usd: '0' }, { usd: '-1' }, { usd: '$2' }, { usd: '1e3' }, { usd: '99999' }])('%o is refused', (options) =>
  expect(() => grantWishFrom(options)).toThrow(/^--usd is/),
);

test.each([{ prompts: '0' }, { prompts: '1.5' }])('%o is refused', (options) =>
  expect(() => grantWishFrom(options)).toThrow(/^--prompts is/),
);

test('to give and to refuse exclude each other', () => {
  expect(() => grantWishFrom({ refuse: true, usd: '2' })).toThrow('--refuse and an amount exclude each other.');
});

test('a question gets what ran out', () => {
  expect(answerFrom({ usd: 2 }, grantQuestion)).toEqual({ amount: 2 });
  expect(answerFrom('refuse', grantQuestion)).toBe('refuse');
});

test('without an amount it is said what ran out, with an example', () => {
  expect(() => answerFrom({}, grantQuestion)).toThrow(
    expect.objectContaining({
      message: 'The task has used $5.00 of $5.00.',
      cure: 'Give more: spiral grant q7w2e9rt --usd 2 · or refuse it: spiral grant q7w2e9rt --refuse',
    }),
  );
});

test('more of what did not run out would not help, and is refused', () => {
  expect(() => answerFrom({ prompts: 5 }, grantQuestion)).toThrow(/More --prompts would not help/);
  expect(() => answerFrom({ usd: 2, prompts: 5 }, grantQuestion)).toThrow(/More --prompts would not help/);
});

test('a question of another kind cannot be answered by a grant', () => {
  expect(() => answerFrom({ usd: 2 }, { ...grantQuestion, kind: 'plan' })).toThrow('does not ask for a grant');
});

test('a task that waits for nothing can be given several measures beforehand, and must be given one', () => {
  expect(aheadFrom({ usd: 2, prompts: 5 }, 'k3v9x2mq')).toEqual([
    ['prompts', 5],
    ['usd', 2],
  ]);
  expect(() => aheadFrom({}, 'k3v9x2mq')).toThrow('has not run out of anything');
  expect(() => aheadFrom('refuse', 'k3v9x2mq')).toThrow('asks for nothing');
});
