import { expect, test } from 'vitest';
import { allowedHosts, decisionOf, decisionOn, type Permission, sentenceOfDecision } from './permission.ts';

const call: Permission = { kind: 'call', tool: 'Write', digest: 'abc', title: 'Write .mcp.json' };
const host: Permission = { kind: 'host', host: 'registry.example' };

test('an answer is allowed only when it is exactly that; everything else refuses', () => {
  expect(decisionOf(call, 'allow')).toEqual({ permission: call, isAllowed: true });
  expect(decisionOf(call, 'refuse')).toEqual({ permission: call, isAllowed: false });
  expect(decisionOf(call, 'refuse: allow')).toEqual({ permission: call, isAllowed: false, words: 'allow' });
});

test('a decision holds for the same call of the same tool, and for nothing wider', () => {
  const decided = [decisionOf(call, 'allow')];
  expect(decisionOn({ ...call, title: 'told in another way' }, decided)?.isAllowed).toBe(true);
  expect(decisionOn({ ...call, digest: 'abd' }, decided)).toBeUndefined();
  expect(decisionOn({ ...call, tool: 'Edit' }, decided)).toBeUndefined();
  expect(decisionOn(host, decided)).toBeUndefined();
});

test('the hosts that are allowed are those of which that was the last word', () => {
  const other: Permission = { kind: 'host', host: 'other.example' };
  const decided = [decisionOf(host, 'refuse'), decisionOf(host, 'allow'), decisionOf(other, 'allow')];
  expect(allowedHosts(decided)).toEqual(['registry.example', 'other.example']);
  expect(allowedHosts([...decided, decisionOf(host, 'refuse')])).toEqual(['other.example']);
});

test('an agent is told to make the call again, or not to, with the words of the person', () => {
  expect(sentenceOfDecision(decisionOf(call, 'allow'))).toContain('Make that very call again');
  expect(sentenceOfDecision(decisionOf(host, 'allow'))).toContain('Run the command again');
  const refused = sentenceOfDecision(decisionOf(call, 'refuse: write a README'));
  expect(refused).toContain('refused this: Write .mcp.json. The person says: write a README');
  expect(refused).toContain('Do not try it again');
});
