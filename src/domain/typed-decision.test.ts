import { expect, test } from 'vitest';
import { grantAmountFrom } from './grant-amount.ts';
import { momentFrom } from './later.ts';
import { decisionFromTyped } from './typed-decision.ts';

const now = new Date('2026-11-22T12:00:00Z');

test('an approval has good answers for whoever names none, and each agent once', () => {
  expect(decisionFromTyped('approve', {}, now)).toEqual({
    kind: 'approve',
    agents: ['developer', 'quality-assurance'],
    maxPrompts: 30,
    adoptWhenGreen: false,
  });
  expect(decisionFromTyped('approve', { agents: '@dev, developer,', maxPrompts: ' 7 ' }, now)).toMatchObject({
    agents: ['developer'],
    maxPrompts: 7,
  });
});

test.each([
  ['approve', { agents: 'dev,nobody' }, { field: 'agents', why: 'unknown', value: 'nobody' }],
  ['approve', { maxPrompts: '10001' }, { field: 'maxPrompts', why: 'unclear', value: '10001' }],
  ['approve', { deadline: '2026-11-21' }, { field: 'deadline', why: 'over', value: '2026-11-21' }],
  ['alternative', { use: ' ', reason: 'why' }, { field: 'use', why: 'missing' }],
  ['defer', { until: 'soon', reason: 'why' }, { field: 'until', why: 'unclear', value: 'soon' }],
  ['defer', { until: '3d' }, { field: 'reason', why: 'missing' }],
  ['reject', { workaround: 'by hand' }, { field: 'reason', why: 'missing' }],
] as const)('%s with %j cannot be understood', (kind, typed, problem) => {
  expect(decisionFromTyped(kind, typed, now)).toEqual({ kind: 'problem', ...problem });
});

test('a moment to come is a length of time, a day or a moment', () => {
  expect(momentFrom(' 90M ', now)).toEqual(new Date('2026-11-22T13:30:00Z'));
  expect(momentFrom('2026-12-24T10:00Z', now)).toEqual(new Date('2026-12-24T10:00:00Z'));
  expect(momentFrom('2026-11-21', now)).toBe('over');
  expect(momentFrom('0d', now)).toBe('over');
  for (const unclear of ['', 'soon', '2 years', '-1d', '2026-13-45']) expect(momentFrom(unclear, now)).toBe('unclear');
});

test('an amount to give is a number above nothing and below what is sane, whole unless it is money', () => {
  expect(grantAmountFrom('usd', ' 2.50 ')).toBe(2.5);
  expect(grantAmountFrom('prompts', '10')).toBe(10);
  for (const wrong of ['', '0', '-1', '1.5', '1e3', '10001']) expect(grantAmountFrom('prompts', wrong)).toBeUndefined();
  for (const wrong of ['$2', '0', '10000.01', 'NaN']) expect(grantAmountFrom('usd', wrong)).toBeUndefined();
});
