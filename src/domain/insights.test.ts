import { expect, test } from 'vitest';
import type { AgentAnswer } from './answers/answer.ts';
import { insightsOf } from './insights.ts';
import { performanceOf } from './performance-figures.ts';

const answers: readonly [AgentAnswer, ...(readonly [string, string, string | undefined])[]][] = [
  [
    {
      kind: 'analysis',
      subject: 'Architecture',
      options: [{ name: 'Monolith', dimensions: [{ name: 'cost', score: 8 }] }],
      recommendation: { title: 'Monolith', why: 'one team', phases: [{ name: 'Start', timing: 'month 1' }] },
      nextSteps: ['begin'],
      resources: { needs: ['one developer'], timeline: 'a month', budget: 'small' },
      risks: [{ risk: 'growth', mitigation: 'modules' }],
      successMetrics: ['it is used'],
    },
    ['recommendation', 'Monolith: one team', 'high'],
    ['next-step', 'begin', undefined],
    ['risk', 'growth (against it: modules)', undefined],
  ],
  [
    {
      kind: 'decision',
      criteria: [{ name: 'cost', weight: 1 }],
      options: [],
      decision: 'PostgreSQL',
      confidence: 0.5,
      reason: 'known',
      wouldChangeIt: ['no joins'],
      importance: 9,
      urgency: 7,
      priority: { score: 63, band: 'high' },
    },
    ['decision', 'PostgreSQL: known', 'medium'],
    ['priority', 'high (9 × 7 = 63)', undefined],
    ['assumption', 'no joins', undefined],
  ],
  [
    {
      kind: 'alternatives',
      alternatives: [{ name: 'Buy', idea: 'pay', cost: 'a', risk: 'b', firstExperiment: 'c' }],
      assumptions: [{ assumption: 'it is needed', test: 'ask' }],
    },
    ['proposal', 'Buy: pay', undefined],
    ['assumption', 'it is needed (to test: ask)', undefined],
  ],
  [
    {
      kind: 'review',
      subject: 'Security',
      findings: [
        { title: 'Injection', severity: 'critical', place: 'a.ts:1', detail: 'd', recommendation: 'r' },
        { title: 'No tests', severity: 'low', place: '', detail: 'd', recommendation: 'r' },
      ],
      strengths: ['clear'],
      remediation: [
        { priority: 2, action: 'write tests' },
        { priority: 1, action: 'bind values' },
      ],
      dropped: 0,
    },
    ['finding', 'Injection (a.ts:1)', 'high'],
    ['finding', 'No tests', 'low'],
    ['next-step', 'bind values', 'high'],
    ['next-step', 'write tests', 'medium'],
  ],
  [
    { kind: 'risks', risks: [{ risk: 'fire', likelihood: 'low', impact: 'high', mitigation: 'water' }] },
    ['risk', 'fire (against it: water)', 'medium'],
  ],
  [
    { kind: 'test-cases', testCases: [{ name: 'login', given: 'a', when: 'b', expected: 'in', kind: 'happy' }] },
    ['next-step', 'Test login: in', undefined],
  ],
  [
    {
      kind: 'coaching',
      performance: performanceOf(new Date(0), []),
      proposals: [{ figure: 'escalations', observation: 'a', proposal: 'ask less', expected: 'b' }],
    },
    ['proposal', 'ask less (escalations)', undefined],
  ],
  [
    {
      kind: 'plan',
      title: 'Users',
      phases: [{ name: 'Core', goal: 'users exist', task: 't', criteria: [], dependsOn: [] }],
    },
    ['next-step', 'Core: users exist', undefined],
  ],
];

test.each(answers)('what can be taken from an answer of the kind $kind', (answer, ...expected) => {
  expect(insightsOf(answer).map(({ kind, text, weight }) => [kind, text, weight])).toEqual(expected);
});

test.each([
  [1, 'high'],
  [0.8, 'high'],
  [0.79, 'medium'],
  [0.49, 'low'],
  [0, 'low'],
] as const)('a decision with confidence %d weighs %s', (confidence, weight) => {
  const [answer] = answers.find(([{ kind }]) => kind === 'decision') ?? [];
  if (answer?.kind !== 'decision') throw new Error('there is no decision');
  expect(insightsOf({ ...answer, confidence })[0]?.weight).toBe(weight);
});
