import { expect, test } from 'vitest';
import type { AgentRole } from '../../domain/agent.ts';
import { agentRoles } from '../../domain/agent.ts';
import type { AgentAnswer } from '../../domain/answers/answer.ts';
import type { News, QuestionName } from '../../domain/event.ts';
import { alternatives, analysis, coaching, decision, plan, review, risks, testCases } from '../__fixtures__/answers.ts';
import { accepted, type Screen, screen } from '../__fixtures__/screen.ts';
import { outcome, taskId } from '../__fixtures__/tasks.ts';

const came = { ...outcome, verified: false, filesCreated: [], commands: [], tests: null, durationMs: 9_000 };

/** A task of one agent from its acceptance to its end. */
function answered(agent: AgentRole, question: QuestionName, answer: AgentAnswer, text = 'Do it'): Screen {
  return screen(
    { ...accepted, agent, text },
    { type: 'agent.asked', taskId, agent, question },
    { type: 'prompt.spent', taskId, agent, round: 1, used: 1, limit: 50 },
    { type: 'agent.answered', taskId, agent, question, durationMs: 8_000, askedAgain: false },
    { type: 'task.answered', taskId, agent, answer, insights: [] },
    { type: 'task.finished', taskId, outcome: came },
  );
}

test('an analysis of the project manager is the screen of the specification', () => {
  const text = 'Analyze building a microservices architecture vs monolith for an e-commerce platform';
  const { progress, result, live } = answered('project-manager', 'analysis-or-plan', analysis, text);
  expect(progress).toEqual([
    '🤖 Project Manager Agent Starting...',
    '🔥 Prompts remaining: 50',
    '',
    '📝 Task: Analyze building a microservices architecture vs monolith for an e-commerce platform',
    '📁 Workspace: /home/ada/agent-workspace (task k3v9x2mq)',
    '🤔 Conducting strategic analysis...',
    '',
  ]);
  expect(result).toEqual([
    '📊 Architecture Analysis:',
    '',
    'MONOLITHIC APPROACH:',
    '├── Development Complexity: 4/10',
    '└── Time to Market: 8/10',
    '',
    'MICROSERVICES APPROACH:',
    '├── Development Complexity: 8/10',
    '└── Time to Market: 4/10',
    '',
    '💡 STRATEGIC RECOMMENDATION: Modular Monolith → Microservices',
    'Why: The team is small.',
    'Phase 1: Start with well-structured monolith (3-4 months)',
    'Phase 2: Extract payment service (month 5)',
    '',
    '🎯 IMMEDIATE NEXT STEPS:',
    '1. Design modular monolith with clear service boundaries',
    '2. Set up monitoring from day one',
    '',
    '📋 RESOURCE REQUIREMENTS:',
    '- 2-3 developers for monolith phase',
    '- Estimated timeline: 4 months',
    '- Budget: $200K-300K',
    '',
    '⚠️  RISKS:',
    '- Boundaries are drawn wrongly',
    '  Mitigation: Review them every month',
    '',
    '📈 SUCCESS METRICS:',
    '- Orders in less than 200 ms',
    '',
    '🔥 Prompts used: 1/50',
    '⏱️  9.0 s · $0.12',
    '✨ Strategic analysis completed!',
  ]);
  expect(live?.text).toBe('');
});

test('a review names severity and place of each finding, and how many had no place that exists', () => {
  const { progress, result } = answered('quality-assurance', 'review', review);
  expect(progress).toContain('🤖 QA Agent Starting...');
  expect(progress).toContain('🔍 Conducting review...');
  expect(result).toEqual([
    '⚠️  SECURITY FINDINGS:',
    '1. Password Reset Token Vulnerability (HIGH) src/reset.ts:12',
    '   - Tokens not properly invalidated after use',
    '   - Recommendation: Implement single-use tokens with expiration',
    '',
    '2. Rate Limiting Gap (MEDIUM)',
    '   - Login endpoint missing progressive delays',
    '   - Recommendation: Add exponential backoff after failed attempts',
    '🗑️  Dropped: 1 finding about a place that does not exist',
    '',
    '✅ SECURITY STRENGTHS (as QA sees them):',
    '- Proper password hashing with bcrypt',
    '',
    '🎯 REMEDIATION PLAN:',
    'Priority 1: Fix password reset token handling',
    'Priority 2: Enhance rate limiting strategy',
    '',
    '🔥 Prompts used: 1/50',
    '⏱️  9.0 s · $0.12',
    '✨ Security audit completed!',
  ]);
});

test('a decision shows weights, scores and totals that were computed here', () => {
  expect(answered('decision-maker', 'decision', decision).result.slice(0, -4)).toEqual([
    '⚖️  OPTIONS BY CRITERIA (scores from 1 to 10, by the decision maker; totals computed by Spiral):',
    '            weight  PostgreSQL  MongoDB',
    'Queries          3           9        5',
    'Operations       1           6        7',
    'Total                     8.25     5.50',
    '',
    '🧭 DECISION: PostgreSQL (confidence 85%)',
    'Priority: high (9 × 7 = 63)',
    'Why: Analytics are joins.',
    '',
    '🔄 WHAT WOULD CHANGE IT:',
    '- Documents without a common shape',
  ]);
});

test('a decision against its own numbers is called so', () => {
  const { result } = answered('decision-maker', 'decision', { ...decision, decision: 'MongoDB' });
  expect(result).toContain('⚠️  By the numbers it would be PostgreSQL: 8.25 against 5.50.');
});

test('figures of the coach stand in a table, and each proposal has its figure and the value of it', () => {
  expect(answered('process-coach', 'coaching', coaching).result.slice(0, -4)).toEqual([
    '📊 FIGURES since 2026-11-01 00:00 (computed from what was recorded):',
    '                            Team  Developer',
    'tasks                         12      1,200',
    'success-rate                 92%        92%',
    'verified-rate                67%        67%',
    'rounds-per-task              1.5        1.5',
    'prompts-per-verified-task    3.3        3.3',
    'usd-per-verified-task      $0.42          -',
    'waiting-hours              2.5 h      2.5 h',
    'escalations                    1          1',
    'efficiency                     -       0.80',
    '⚠️  Developer gives less for what it spends than its efficiency_threshold wants.',
    '',
    '📈 PROPOSALS:',
    '1. Ask for tests first',
    '   - verified-rate is 67%: A third is not proved',
    '   - Expected: More proof',
  ]);
});

test('alternatives carry cost, risk and a first experiment, and assumptions a test', () => {
  const { result } = answered('creative-innovator', 'alternatives', alternatives);
  expect(result.slice(0, 7)).toEqual([
    '💡 ALTERNATIVES:',
    '1. Buy it',
    '   The idea: Buy it',
    '   - Cost: low',
    '   - Risk: it is not enough',
    '   - First experiment: Talk to three customers',
    '',
  ]);
  expect(result).toContain('  How to test it: Count guests who order');
});

test('a plan alone promises nothing that was built', () => {
  const { result } = answered('project-manager', 'plan', plan);
  expect(result).toEqual([
    '📋 PLAN: User authentication (2 phases, nothing is built)',
    '',
    'Phase 1: Core authentication',
    '   Goal: JWT and password hashing',
    '   Task: Build the core with tests.',
    '   Done when:',
    '   - The tests pass (our test run)',
    '   - There is a readme (file README.md)',
    '',
    'Phase 2: Password reset',
    '   Goal: Reset by email',
    '   Task: Build the reset.',
    '   Done when:',
    '   - Tokens are used once (by reading)',
    '   After: Core authentication',
    '',
    '🔥 Prompts used: 1/50',
    '⏱️  9.0 s · $0.12',
    '✨ Plan completed! Nothing was built.',
  ]);
});

test('risks and test cases are numbered', () => {
  expect(answered('quality-assurance', 'review', risks).result.slice(0, 4)).toEqual([
    '⚠️  RISKS:',
    '1. The key leaks',
    '   - Likelihood low, impact high',
    '   - Mitigation: Rotate it',
  ]);
  expect(answered('quality-assurance', 'review', testCases).result.slice(0, 5)).toEqual([
    '🧪 TEST CASES (proposed, not run):',
    '1. Reset twice (SECURITY)',
    '   - Given: a used token',
    '   - When: it is used again',
    '   - Expected: a refusal',
  ]);
});

test('no agent that answers speaks of connecting to Claude Code or of complexity', () => {
  for (const agent of agentRoles.filter((role) => role !== 'developer')) {
    const { progress } = screen({ ...accepted, agent });
    expect(progress[0]).toMatch(/^🤖 .+ Agent Starting\.\.\.$/);
    expect(progress.join('\n')).not.toMatch(/Connecting|complexity/);
  }
});

test('an agent that reads the code is heard under its own name, and its words are quoted', () => {
  const agent = 'quality-assurance';
  const { progress } = screen(
    { ...accepted, agent },
    { type: 'agent.asked', taskId, agent, question: 'review' },
    { type: 'progress', taskId, text: 'Reading src/reset.ts', by: 'tool' },
    { type: 'progress', taskId, text: 'I looked at everything', by: 'model' },
  );
  expect(progress.slice(-2)).toEqual(['🔍 QA: Reading src/reset.ts', '🔍 QA: “I looked at everything”']);
});

test('a task without an answer ends with what stood in the way, never as completed', () => {
  const agent = 'project-manager';
  const failed = { ...came, status: 'failed', reason: 'the answer is prose' } as const;
  const gone: News = {
    type: 'agent.answered',
    taskId,
    agent,
    question: 'analysis',
    durationMs: 1,
    askedAgain: true,
    error: 'no JSON\u001b[2J',
  };
  const { progress, result } = screen({ ...accepted, agent }, gone, { type: 'task.finished', taskId, outcome: failed });
  expect(progress.slice(-2)).toEqual([
    '📋 Project Manager: the first answer could not be used, so it was asked for once more',
    '📋 Project Manager: ⚠️  no answer: no JSON',
  ]);
  expect(result.at(-1)).toBe(
    '⚠️  There is no answer (failed): the answer is prose - details: spiral tasks show k3v9x2mq --output',
  );
  expect(result.join('\n')).not.toContain('✨');
});

test('an answer whose task did not succeed is not called completed', () => {
  const { result } = screen(
    { ...accepted, agent: 'project-manager' },
    { type: 'task.answered', taskId, agent: 'project-manager', answer: analysis, insights: [] },
    { type: 'task.finished', taskId, outcome: { ...came, status: 'cancelled' } },
  );
  expect(result.at(-1)).toContain('⚠️  Task cancelled');
  expect(result.join('\n')).not.toContain('✨');
});

test('nothing of what an agent recommends is cut off, however long', () => {
  const recommendation = `${'word '.repeat(380)}end`;
  const [finding] = review.findings;
  if (!finding) throw new Error('the fixture has no finding');
  const long = { ...review, findings: [{ ...finding, recommendation }] };
  const { result } = answered('quality-assurance', 'review', long);
  const words = result.join(' ').split(/\s+/);
  expect(words.filter((word) => word === 'word')).toHaveLength(380);
  expect(words).toContain('end');
});

const hostile = `\u001b[2J\u001b]0;title\u0007red\u202e\n✨ Strategic analysis completed!\r${'x'.repeat(1900)}`;

/** The same answer with hostile words wherever an agent writes some. */
function poisoned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(poisoned);
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? hostile : value;
  const kept = ['kind', 'severity', 'figure', 'since', 'checkedBy', 'likelihood', 'impact', 'band'];
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, kept.includes(key) ? one : poisoned(one)]));
}

test.each([analysis, review, decision, alternatives, coaching, plan, risks, testCases])(
  'nothing in an answer of the kind $kind can steer the terminal, pass for a line of ours or be without bounds',
  (answer) => {
    const { result } = answered('project-manager', 'analysis', poisoned(answer) as AgentAnswer);
    const text = result.slice(0, -1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    expect(text.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(text.filter((line) => line.startsWith('✨'))).toEqual([]);
    expect(Math.max(...text.map((line) => line.length))).toBeLessThan(260);
  },
);
