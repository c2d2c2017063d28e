/* Typed answers of the team, as a model would give them: for demos and tests. */

export const analysis = {
  kind: 'analysis',
  subject: 'Architecture',
  options: [
    {
      name: 'Monolithic approach',
      dimensions: [
        { name: 'Development Complexity', score: 4 },
        { name: 'Scalability', score: 5 },
        { name: 'Time to Market', score: 8 },
      ],
    },
    {
      name: 'Microservices approach',
      dimensions: [
        { name: 'Development Complexity', score: 8 },
        { name: 'Scalability', score: 9 },
        { name: 'Time to Market', score: 4 },
      ],
    },
  ],
  recommendation: {
    title: 'Modular Monolith → Microservices',
    why: 'One team ships sooner with one deployment.',
    phases: [
      { name: 'Start with well-structured monolith', timing: '3-4 months' },
      { name: 'Extract payment service', timing: 'month 5' },
    ],
  },
  nextSteps: ['Design modular monolith with clear service boundaries', 'Set up monitoring from day one'],
  resources: { needs: ['2-3 developers', '1 DevOps engineer'], timeline: '4 months', budget: '$200K-300K' },
  risks: [{ risk: 'Boundaries erode', mitigation: 'Check imports in the build' }],
  successMetrics: ['A deployment a day'],
};

export const decision = {
  kind: 'decision',
  criteria: [
    { name: 'Queries', weight: 8 },
    { name: 'Operations', weight: 5 },
  ],
  options: [
    {
      name: 'PostgreSQL',
      scores: [
        { criterion: 'Queries', score: 9 },
        { criterion: 'Operations', score: 8 },
      ],
    },
    {
      name: 'MongoDB',
      scores: [
        { criterion: 'Queries', score: 5 },
        { criterion: 'Operations', score: 6 },
      ],
    },
  ],
  decision: 'PostgreSQL',
  confidence: 0.8,
  reason: 'Analytics are joins and windows.',
  wouldChangeIt: ['Documents without any common shape'],
};

export const alternatives = {
  kind: 'alternatives',
  alternatives: [
    {
      name: 'Precompute',
      idea: 'Answer from tables that are filled each night',
      cost: 'A day',
      risk: 'Stale figures',
      firstExperiment: 'One report',
    },
    {
      name: 'Cache',
      idea: 'Keep results in memory beside the server for minutes',
      cost: 'Two hours',
      risk: 'Memory',
      firstExperiment: 'The slowest page',
    },
    {
      name: 'Ask less',
      idea: 'Remove the charts that nobody opens',
      cost: 'An hour of counting',
      risk: 'Someone misses one',
      firstExperiment: 'Count views for a week',
    },
  ],
  assumptions: [{ assumption: 'People read every chart', test: 'Count views' }],
};
