import { expect, test } from 'vitest';
import { counted, duration, money } from './amounts.ts';

test('money has two places, and four where it is less than a cent', () => {
  expect([0, 0.0042, 0.1234, 12].map(money)).toEqual(['$0.00', '$0.0042', '$0.12', '$12.00']);
});

test('counts carry their noun, also one whose plural is its own', () => {
  expect([counted(1, 'process'), counted(2, 'process'), counted(1_000, 'token')]).toEqual([
    '1 process',
    '2 processes',
    '1,000 tokens',
  ]);
  expect(counted(2, 'question waits', 'questions wait')).toBe('2 questions wait');
});

test('durations are as exact as a person needs them', () => {
  const seconds = [-3, 1.234, 12.3, 59.7, 83, 3_599.9, 12_000, 200_000];
  expect(seconds.map((second) => duration(second * 1000))).toEqual([
    '0.0 s',
    '1.2 s',
    '12 s',
    '1 min 0 s',
    '1 min 23 s',
    '1 h 0 min',
    '3 h 20 min',
    '2 d 7 h',
  ]);
});
