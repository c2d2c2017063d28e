import { expect, test } from 'vitest';
import { problemOfDecision, sentenceOfToolDecision, type ToolDecision } from './tool-decision.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
const approve: ToolDecision = { kind: 'approve', agents: ['developer'], maxPrompts: 5, adoptWhenGreen: true };
const past = '2026-11-22T11:59:59.000Z';

test('a decision makes no sense without whoever builds, or with a time that is over', () => {
  expect(problemOfDecision(approve, now)).toBeUndefined();
  expect(problemOfDecision({ ...approve, agents: ['quality-assurance'] }, now)).toContain('developer');
  expect(problemOfDecision({ ...approve, deadline: past }, now)).toContain('deadline');
  expect(problemOfDecision({ kind: 'defer', until: past, reason: 'x' }, now)).toContain('over');
  expect(problemOfDecision({ kind: 'reject', reason: 'x' }, now)).toBeUndefined();
});

test('a decision is told in a sentence', () => {
  expect(sentenceOfToolDecision(approve)).toBe('approved: developer, 5 prompts, adopted when the gate is green');
  expect(sentenceOfToolDecision({ kind: 'alternative', name: 'jq', reason: 'it is there' })).toBe(
    'use jq instead: it is there',
  );
});
