import { expect, test } from 'vitest';
import { type PersonCall, suggestionsOf } from './asked-person.ts';

const options = ['PostgreSQL', 'MongoDB'].map((label) => ({ label, description: '' }));
const question = { question: 'Which database?', options };

test.each<[PersonCall['questions'], string[]]>([
  [[question], ['PostgreSQL', 'MongoDB']],
  [[{ ...question, multiSelect: false }], ['PostgreSQL', 'MongoDB']],
  [[{ ...question, multiSelect: true }], []],
  [[question, question], []],
  [[{ question: 'Which port?', options: [] }], []],
])('the options are at hand where one of them is the whole answer: %j', (questions, expected) => {
  expect(suggestionsOf({ id: 'toolu_1', questions })).toEqual(expected);
});
