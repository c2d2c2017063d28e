import { describe, expect, test } from 'vitest';
import { decisionFrom, decisionNamed } from './decision-arguments.ts';
import { laterFrom } from './later.ts';
import { UsageError } from './usage-error.ts';

const now = new Date('2026-11-22T12:00:00Z');

describe('a decision', () => {
  test('to build takes agents, prompts and a deadline, and has good answers for whoever names none', () => {
    expect(
      decisionFrom('approve', { agents: 'dev, innovator', maxPrompts: '12', deadline: '2d', adopt: true }, now),
    ).toEqual({
      kind: 'approve',
      agents: ['developer', 'creative-innovator'],
      maxPrompts: 12,
      deadline: '2026-11-24T12:00:00.000Z',
      adoptWhenGreen: true,
    });
    expect(decisionFrom('approve', {}, now)).toEqual({
      kind: 'approve',
      agents: ['developer', 'quality-assurance'],
      maxPrompts: 30,
      adoptWhenGreen: false,
    });
  });

  test('not to build says why, and what is done instead', () => {
    expect(decisionFrom('alternative', { use: 'jq', reason: 'it is there' }, now)).toEqual({
      kind: 'alternative',
      name: 'jq',
      reason: 'it is there',
    });
    expect(decisionFrom('defer', { until: '3d', reason: 'after the release' }, now)).toMatchObject({
      until: '2026-11-25T12:00:00.000Z',
    });
    expect(decisionFrom('reject', { reason: 'too rare', workaround: ' ' }, now)).toEqual({
      kind: 'reject',
      reason: 'too rare',
    });
  });

  test.each([
    ['approve', { agents: 'dev,nobody' }, 'There is no agent “nobody”'],
    ['approve', { maxPrompts: '0' }, '--max-prompts'],
    ['approve', { deadline: 'yesterday' }, '--deadline is “yesterday”'],
    ['alternative', { use: 'jq' }, '“alternative” needs --reason'],
    ['defer', { reason: 'later' }, '“defer” needs --until'],
    ['reject', { reason: ' ' }, '“reject” needs --reason'],
  ] as const)('%s with %j is a mistake that is told with its cure', (name, options, problem) => {
    expect(() => decisionFrom(name, options, now)).toThrow(problem);
    expect(() => decisionFrom(name, options, now)).toThrow(UsageError);
  });

  test('has one of four names', () => {
    expect(decisionNamed(' Approve ')).toBe('approve');
    expect(() => decisionNamed('adopt')).toThrow('approve, alternative, defer, reject');
  });
});

test('a moment to come is a length of time, a day or a moment; what is over is refused', () => {
  expect(laterFrom('--until', '90m', now).toISOString()).toBe('2026-11-22T13:30:00.000Z');
  expect(laterFrom('--until', '2026-12-24T10:00Z', now).toISOString()).toBe('2026-12-24T10:00:00.000Z');
  expect(() => laterFrom('--until', '2026-11-21', now)).toThrow('which is over');
  for (const wrong of ['', 'soon', '2 years', '-1d'])
    expect(() => laterFrom('--until', wrong, now)).toThrow(UsageError);
});
