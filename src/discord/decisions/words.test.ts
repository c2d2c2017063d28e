import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allocation, grant, now, openWords, plan, toolRequest } from './__fixtures__/questions.ts';
import { answerFromWords } from './words.ts';

const fieldsOf = (question: typeof plan, text: string) => answerFromWords(question, text, now);

test('the words are the answer where nothing is offered', () => {
  expect(fieldsOf(openWords, ' 8080: it is free ')).toEqual({
    intention: { kind: 'say', questionId: 'words001' },
    fields: { text: '8080: it is free' },
  });
  expect(fieldsOf(openWords, ' ')).toBeUndefined();
});

describe('where answers are offered, words are', () => {
  test.each([
    ['Confirm', 0, {}],
    ['confirm.', 0, {}],
    ['change: smaller: two phases', 1, { text: 'smaller: two phases' }],
    ['skip: all', 2, {}],
  ])('%s', (text, choice, fields) => {
    expect(fieldsOf(plan, text)).toEqual({ intention: { kind: 'answer', questionId: 'plan0001', choice }, fields });
  });

  test.each(['I would confirm', 'confirm it', 'confirm: now', 'change', 'change:', 'yes', 'and now make it blue'])(
    'nothing in “%s”',
    (text) => expect(fieldsOf(plan, text)).toBeUndefined(),
  );
});

describe('about a tool words decide', () => {
  test.each([
    ['approve', 'approve', { agents: '' }],
    ['reject: too rare, do it by hand', 'reject', { reason: 'too rare, do it by hand' }],
    ['Defer: 3d, after the release, please', 'defer', { until: '3d', reason: 'after the release, please' }],
    ['alternative: jq, it is there', 'alternative', { which: 'jq', reason: 'it is there' }],
  ])('%s', (text, decision, fields) => {
    expect(fieldsOf(toolRequest, text)).toEqual({
      intention: { kind: 'decide', questionId: 'tool0001', decision },
      fields,
    });
  });

  test.each([
    'approve it?',
    'approve: 500 prompts',
    'reject',
    'defer: soon, please',
    'defer: 3d',
    'alternative: jq',
    '✅',
  ])('nothing by “%s”', (text) => expect(fieldsOf(toolRequest, text)).toBeUndefined());
});

test('money is never given by words in a thread, and no text whatever is a mistake of ours', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(fieldsOf(grant, text)).toBeUndefined();
      for (const question of [openWords, plan, toolRequest, allocation]) fieldsOf(question, text);
    }),
  );
});
