import type { AgentAnswer } from '../../domain/answers/answer.ts';

type AnswerOf<Kind extends AgentAnswer['kind']> = AgentAnswer & { readonly kind: Kind };

export const analysis: AnswerOf<'analysis'> = {
  kind: 'analysis',
  subject: 'Architecture',
  options: [
    {
      name: 'Monolithic Approach',
      dimensions: [
        { name: 'Development Complexity', score: 4 },
        { name: 'Time to Market', score: 8 },
      ],
    },
    {
      name: 'Microservices Approach',
      dimensions: [
        { name: 'Development Complexity', score: 8 },
        { name: 'Time to Market', score: 4 },
      ],
    },
  ],
  recommendation: {
    title: 'Modular Monolith → Microservices',
    why: 'The team is small.',
    phases: [
      { name: 'Start with well-structured monolith', timing: '3-4 months' },
      { name: 'Extract payment service', timing: 'month 5' },
    ],
  },
  nextSteps: ['Design modular monolith with clear service boundaries', 'Set up monitoring from day one'],
  resources: { needs: ['2-3 developers for monolith phase'], timeline: '4 months', budget: '$200K-300K' },
  risks: [{ risk: 'Boundaries are drawn wrongly', mitigation: 'Review them every month' }],
  successMetrics: ['Orders in less than 200 ms'],
};

export const review: AnswerOf<'review'> = {
  kind: 'review',
  subject: 'Security',
  findings: [
    {
      title: 'Password Reset Token Vulnerability',
      severity: 'high',
      place: 'src/reset.ts:12',
      detail: 'Tokens not properly invalidated after use',
      recommendation: 'Implement single-use tokens with expiration',
    },
    {
      title: 'Rate Limiting Gap',
      severity: 'medium',
      place: '',
      detail: 'Login endpoint missing progressive delays',
      recommendation: 'Add exponential backoff after failed attempts',
    },
  ],
  strengths: ['Proper password hashing with bcrypt'],
  remediation: [
    { priority: 2, action: 'Enhance rate limiting strategy' },
    { priority: 1, action: 'Fix password reset token handling' },
  ],
  dropped: 1,
};

export const decision: AnswerOf<'decision'> = {
  kind: 'decision',
  criteria: [
    { name: 'Queries', weight: 3 },
    { name: 'Operations', weight: 1 },
  ],
  options: [
    {
      name: 'MongoDB',
      scores: [
        { criterion: 'Queries', score: 5 },
        { criterion: 'Operations', score: 7 },
      ],
    },
    {
      name: 'PostgreSQL',
      scores: [
        { criterion: 'Queries', score: 9 },
        { criterion: 'Operations', score: 6 },
      ],
    },
  ],
  decision: 'PostgreSQL',
  confidence: 0.85,
  reason: 'Analytics are joins.',
  wouldChangeIt: ['Documents without a common shape'],
  importance: 9,
  urgency: 7,
  priority: { score: 63, band: 'high' },
};

export const alternatives: AnswerOf<'alternatives'> = {
  kind: 'alternatives',
  alternatives: ['Buy it', 'Leave it out', 'Ask a partner'].map((name) => ({
    name,
    idea: `The idea: ${name}`,
    cost: 'low',
    risk: 'it is not enough',
    firstExperiment: 'Talk to three customers',
  })),
  assumptions: [{ assumption: 'Everybody wants accounts', test: 'Count guests who order' }],
};

const figures = {
  tasks: 12,
  'success-rate': 0.9167,
  'verified-rate': 0.6667,
  'rounds-per-task': 1.5,
  'prompts-per-verified-task': 3.25,
  'usd-per-verified-task': 0.42,
  'waiting-hours': 2.5,
  escalations: 1,
};

export const coaching: AnswerOf<'coaching'> = {
  kind: 'coaching',
  performance: {
    since: new Date(2026, 10, 1).toISOString(),
    team: figures,
    agents: [{ agent: 'developer', figures: { ...figures, tasks: 1200, 'usd-per-verified-task': null }, efficiency: 0.8, isInefficient: true }],
  },
  proposals: [
    { figure: 'verified-rate', observation: 'A third is not proved', proposal: 'Ask for tests first', expected: 'More proof' },
  ],
};

export const plan: AnswerOf<'plan'> = {
  kind: 'plan',
  title: 'User authentication',
  phases: [
    {
      name: 'Core authentication',
      goal: 'JWT and password hashing',
      task: 'Build the core with tests.',
      criteria: [
        { criterion: 'The tests pass', checkedBy: 'tests', subject: '' },
        { criterion: 'There is a readme', checkedBy: 'file', subject: 'README.md' },
      ],
      dependsOn: [],
    },
    {
      name: 'Password reset',
      goal: 'Reset by email',
      task: 'Build the reset.',
      criteria: [{ criterion: 'Tokens are used once', checkedBy: 'review', subject: '' }],
      dependsOn: ['Core authentication'],
    },
  ],
};

export const risks: AnswerOf<'risks'> = {
  kind: 'risks',
  risks: [{ risk: 'The key leaks', likelihood: 'low', impact: 'high', mitigation: 'Rotate it' }],
};

export const testCases: AnswerOf<'test-cases'> = {
  kind: 'test-cases',
  testCases: [{ name: 'Reset twice', given: 'a used token', when: 'it is used again', expected: 'a refusal', kind: 'security' }],
};
