import { expect, test } from 'vitest';
import type { Inefficiency } from '../domain/inefficiency.ts';
import { mentionsIn } from '../domain/mention.ts';
import { figuresOf } from '../domain/performance-figures.ts';
import { wordsOfInefficiency } from './efficiency-words.ts';

const inefficiency: Inefficiency = {
  agent: 'developer',
  efficiency: 0.42,
  expected: 1,
  median: 1.05,
  since: '2026-10-24T00:00:00.000Z',
  figures: {
    ...figuresOf([]),
    tasks: 12,
    'success-rate': 0.5833,
    'verified-rate': 0.25,
    'prompts-per-verified-task': 14,
    'usd-per-verified-task': 2.1,
  },
};

test('the coach is named, and told who, how far below what, and what was seen since when', () => {
  const words = wordsOfInefficiency(inefficiency);
  expect(mentionsIn(words, ['process-coach'])).toEqual(['process-coach']);
  expect(words).toBe(
    '@coach The efficiency of the developer is 0.42, below its threshold of 1; the median of the team is 1.05. ' +
      'Since 2026-10-24: 12 tasks finished, 58 % succeeded, 25 % of those that built something verified, ' +
      '14 prompts for a verified task, 2.1 USD for a verified task. What should be done differently?',
  );
});

test('what there is no figure of is left out', () => {
  const figures = { ...figuresOf([]), tasks: 5, 'success-rate': 0 };
  expect(wordsOfInefficiency({ ...inefficiency, figures })).toContain('5 tasks finished, 0 % succeeded. What');
});
