import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heldOut, tunedOn } from './__fixtures__/relevance-messages.ts';
import { agentRoles } from './agent.ts';
import { relevanceThreshold } from './message.ts';
import { judgeLocally, localRelevance } from './relevance.ts';
import { relevanceFigures } from './relevance-figures.ts';

test.each([
  ['developer', 'Please implement the endpoint, the stack trace points to the parser in this code.'],
  ['quality-assurance', 'Which test cases and edge cases do we lack?'],
  ['project-manager', 'Do we reach the milestone before the deadline?'],
  ['decision-maker', 'Weigh the pros and cons and decide.'],
  ['creative-innovator', 'Let us brainstorm: any creative ideas?'],
  ['process-coach', 'In our retrospective: where is the bottleneck in the way we work?'],
] as const)('what is clearly for the %s needs no model to be found', (role, text) => {
  expect(localRelevance(text, role)).toBeGreaterThanOrEqual(relevanceThreshold);
  const { scores, uncertain } = judgeLocally(text, agentRoles);
  expect(scores[role]).toBe(localRelevance(text, role));
  expect(uncertain).not.toContain(role);
});

test('what is for nobody needs no model either', () => {
  for (const text of ['I will be back in ten minutes.', 'Somebody left a blue umbrella at the entrance.', '']) {
    const { scores, uncertain } = judgeLocally(text, agentRoles);
    expect(uncertain).toEqual([]);
    for (const role of agentRoles) expect(scores[role]).toBeLessThan(relevanceThreshold);
  }
});

test('vague words that want something are left to the model, for all members', () => {
  expect(judgeLocally('Something is wrong here.', agentRoles).uncertain).toEqual(agentRoles);
  expect(judgeLocally('And now?', ['developer', 'process-coach']).uncertain).toEqual(['developer', 'process-coach']);
});

test('scores and doubts are of members alone, and a certain member is in no doubt', () => {
  fc.assert(
    fc.property(fc.subarray([...agentRoles]), fc.constantFrom(...tunedOn, ...heldOut), (members, { text }) => {
      const { scores, uncertain } = judgeLocally(text, members);
      expect(Object.keys(scores).toSorted()).toEqual(members.toSorted());
      for (const role of members) expect(scores[role]).toBeLessThanOrEqual(10);
      for (const role of uncertain) {
        expect(members).toContain(role);
        expect(scores[role]).toBeLessThan(relevanceThreshold);
      }
    }),
  );
});

test('a name that is called says nothing of what a message is about', () => {
  expect(localRelevance('@quality-assurance @qa', 'quality-assurance')).toBe(0);
});

test('a long text is judged in a moment', () => {
  const began = performance.now();
  for (const piece of ['a', 'is between ', '<<', 'should we use ', 'how many '])
    judgeLocally(piece.repeat(100_000), agentRoles);
  expect(performance.now() - began).toBeLessThan(3000);
});

describe.each([
  ['the messages that the words were chosen with', tunedOn],
  ['messages that no word was chosen for', heldOut],
])('of %s', (_, set) => {
  const figures = relevanceFigures(set);

  test('nearly everybody who ought to answer is found or in doubt', () => {
    expect(figures.recall).toBeGreaterThanOrEqual(0.95);
  });

  test('at most a third needs the model', () => {
    expect(figures.asked * 3).toBeLessThanOrEqual(figures.messages);
  });

  test('who is certain is mostly right', () => {
    expect(figures.precision).toBeGreaterThanOrEqual(0.75);
  });
});

test('there are enough messages, none is in both sets, and some are for nobody', () => {
  const texts = [...tunedOn, ...heldOut].map(({ text }) => text);
  expect(texts.length).toBeGreaterThanOrEqual(80);
  expect(new Set(texts).size).toBe(texts.length);
  for (const set of [tunedOn, heldOut]) {
    expect(set.filter(({ roles }) => roles.length === 0).length).toBeGreaterThan(5);
    for (const role of agentRoles) expect(set.filter(({ roles }) => roles.includes(role)).length).toBeGreaterThan(3);
  }
});

test('figures of nothing are no division by nothing', () => {
  expect(relevanceFigures([])).toMatchObject({ messages: 0, asked: 0, askedShare: 0, precision: 1, recall: 1 });
});

test('the figures count what they say', () => {
  const set = [
    { text: 'Weigh the pros and cons and decide.', roles: ['decision-maker' as const] },
    { text: 'Let us brainstorm: any creative ideas?', roles: ['developer' as const] },
    { text: 'And now?', roles: ['project-manager' as const] },
    { text: 'I will be back in ten minutes.', roles: [] },
  ];
  expect(relevanceFigures(set)).toMatchObject({
    messages: 4,
    asked: 1,
    askedShare: 0.25,
    savedOfMessages: 3,
    savedOfMembers: 23,
    precision: 0.5,
    localRecall: 1 / 3,
    recall: 2 / 3,
  });
});
