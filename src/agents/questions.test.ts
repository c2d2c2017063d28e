import { expect, test } from 'vitest';
import type { StrategicAnalysis } from '../domain/answers/analysis.ts';
import type { Evaluation, Plan, PlannedPhase, Settlement } from '../domain/answers/planning.ts';
import type { PhaseReview } from '../domain/answers/review.ts';
import { performanceOf } from '../domain/performance-figures.ts';
import { type AgentQuestion, shapeOf } from './question.ts';
import { questionsOf } from './roster.ts';
import { ownTemplates, templatesOf } from './template-files.ts';

const { projectManager, qualityAssurance, decisionMaker, creativeInnovator, processCoach } = questionsOf(
  templatesOf(ownTemplates()),
);

const phase: PlannedPhase = {
  name: 'Core',
  goal: 'users exist',
  task: 'write the user model',
  criteria: [
    { criterion: 'the tests pass', checkedBy: 'tests', subject: '' },
    { criterion: 'it is documented', checkedBy: 'file', subject: 'README.md' },
  ],
  dependsOn: [],
};
const plan: Plan = { kind: 'plan', title: 'Users', phases: [phase] };
const analysis: StrategicAnalysis = {
  kind: 'analysis',
  subject: 'Architecture',
  options: [
    { name: 'Monolith', dimensions: [{ name: 'cost', score: 8 }] },
    { name: 'Microservices', dimensions: [{ name: 'cost', score: 3 }] },
  ],
  recommendation: { title: 'Monolith', why: 'one team', phases: [{ name: 'Start', timing: 'month 1' }] },
  nextSteps: ['begin'],
  resources: { needs: ['one developer'], timeline: 'a month', budget: 'small' },
  risks: [{ risk: 'growth', mitigation: 'modules' }],
  successMetrics: ['it is used'],
};
const review: PhaseReview = {
  kind: 'phase-review',
  verdict: 'passed',
  reason: 'all is there',
  subject: 'Users',
  findings: [],
  strengths: [],
  remediation: [],
};
const finding = {
  title: 'SQL injection',
  severity: 'high',
  place: 'a.ts:1',
  detail: 'x',
  recommendation: 'y',
} as const;
const evidence = {
  title: 'Users',
  phase,
  criteria: phase.criteria.map((criterion) => ({ ...criterion, observed: 'met' as const })),
  outcome: '2 files created',
  tests: '3 passed',
  diff: '+ a line',
  review,
};
const performance = performanceOf(new Date(0), []);

function problemsOf<Answer>(question: AgentQuestion<Answer>, answer: unknown): string {
  const read = shapeOf(question).read(answer);
  return 'problems' in read ? read.problems.join('\n') : '';
}

const alone = { messages: [], colleagues: [] };
const text = 'Build {{context}} </task> & $1';
const all: readonly AgentQuestion<never>[] = [
  projectManager.analysisOrPlan(text, '', 'either'),
  projectManager.analysisOrPlan(text, 'Languages', 'analysis'),
  projectManager.analysisOrPlan(text, 'Languages', 'plan'),
  projectManager.revisePlan(text, plan, ['smaller'], ''),
  projectManager.evaluatePhase(evidence),
  projectManager.closeProject({ title: 'Users', phases: [{ name: 'Core', status: 'done', outcome: 'x' }] }),
  qualityAssurance.review(text, ''),
  qualityAssurance.reviewPhase(evidence),
  qualityAssurance.identifyRisks(text),
  qualityAssurance.generateTestCases(text),
  decisionMaker.decide(text, ''),
  decisionMaker.settle({ plan, challenges: [] }, alone),
  creativeInnovator.suggestAlternatives(text, ''),
  creativeInnovator.challengePlan({ task: text, plan }, alone),
  processCoach.coach(performance, undefined),
  processCoach.coach(performance, text),
] as unknown as readonly AgentQuestion<never>[];

test.each(all)('a question to the $agent tells who it is, and brings the shape of its answer', (question) => {
  expect(question.instructions).toMatch(/^You are the [a-z ]+ of a small team\. /);
  expect(question.prompt).not.toMatch(/undefined|\[object/);
  expect(question.prompt.match(/<\/task>/g)?.length ?? 0).toBeLessThanOrEqual(1);
  expect(Object.keys(shapeOf(question).jsonSchema)).not.toEqual([]);
  expect(problemsOf(question, 'prose')).not.toBe('');
});

test('only reviews of code read the workspace', () => {
  expect(all.filter(({ means }) => means === 'reading')).toEqual(
    [qualityAssurance.review(text, ''), qualityAssurance.reviewPhase(evidence)].map((one) =>
      expect.objectContaining({ prompt: one.prompt }),
    ),
  );
});

test('the project manager decides between analysis and plan unless one is wanted', () => {
  const either = projectManager.analysisOrPlan('x', '', 'either');
  const onlyPlan = projectManager.analysisOrPlan('x', '', 'plan');
  const onlyAnalysis = projectManager.analysisOrPlan('x', '', 'analysis');
  for (const question of [either, onlyPlan]) expect(problemsOf(question, plan)).toBe('');
  for (const question of [either, onlyAnalysis]) expect(problemsOf(question, analysis)).toBe('');
  expect(problemsOf(onlyPlan, analysis)).toMatch(/kind/);
  expect(problemsOf(onlyAnalysis, plan)).toMatch(/kind/);
});

test('a plan or an analysis that contradicts itself is told so', () => {
  const either = projectManager.analysisOrPlan('x', '', 'either');
  expect(problemsOf(either, { ...plan, phases: [] })).toBe('the plan has no phases');
  expect(problemsOf(projectManager.revisePlan('x', plan, ['y'], ''), { ...plan, phases: [phase, phase] })).toMatch(
    /two phases/,
  );
  const [first] = analysis.options;
  const other = { name: 'Other', dimensions: [{ name: 'speed', score: 5 }] };
  expect(problemsOf(either, { ...analysis, options: [first, first] })).toBe('two options have the same name');
  expect(problemsOf(either, { ...analysis, options: [first, other] })).toMatch(/"Monolith" is not scored in "speed"/);
});

test.each([0, 11, 5.5, '7'])('a score of %j is refused', (score) => {
  const options = [{ name: 'Monolith', dimensions: [{ name: 'cost', score }] }];
  expect(problemsOf(projectManager.analysisOrPlan('x', '', 'analysis'), { ...analysis, options })).toMatch(
    /options\.0\.dimensions\.0\.score/,
  );
});

test('the evidence of a phase is told whole, and a long diff says what it leaves out', () => {
  const { prompt } = projectManager.evaluatePhase({ ...evidence, diff: 'x'.repeat(70_000) });
  expect(prompt).toContain('"observed": "met"');
  expect(prompt).toContain('[10000 more characters are left out]');
});

test('a judgement names every criterion once and does not contradict itself', () => {
  const question = projectManager.evaluatePhase(evidence);
  const met = (number: number) => ({ number, met: true, evidence: 'seen' });
  const answer: Evaluation = { kind: 'evaluation', criteria: [met(1), met(2)], isDone: true, refinement: '' };
  expect(problemsOf(question, answer)).toBe('');
  expect(problemsOf(question, { ...answer, criteria: [met(1)] })).toBe('there is nothing about criterion 2');
  expect(problemsOf(question, { ...answer, criteria: [met(1), met(2), met(2)] })).toBe(
    'criterion 2 is answered 2 times',
  );
  expect(problemsOf(question, { ...answer, criteria: [met(1), met(2), met(3)] })).toMatch(/there is no criterion 3/);
  expect(problemsOf(question, { ...answer, isDone: false })).toMatch(/nothing is said of what is to be done/);
  expect(problemsOf(question, { ...answer, criteria: [met(1), { ...met(2), met: false }] })).toMatch(
    /a criterion is not met/,
  );
});

test('a phase does not pass with a finding that is critical or high', () => {
  const question = qualityAssurance.reviewPhase(evidence);
  expect(problemsOf(question, review)).toBe('');
  expect(problemsOf(question, { ...review, findings: [finding] })).toMatch(/"SQL injection" is high/);
  expect(problemsOf(question, { ...review, findings: [{ ...finding, severity: 'medium' }] })).toBe('');
  expect(problemsOf(question, { ...review, verdict: 'rejected', findings: [finding] })).toBe('');
});

test('every challenge gets one ruling', () => {
  const challenge = { about: 'Core', challenge: 'too much', instead: 'less' };
  const question = decisionMaker.settle({ plan, challenges: [challenge, challenge] }, alone);
  const ruling = (number: number) => ({ number, accepted: true, reason: 'cheaper' });
  const answer = (...rulings: Settlement['rulings']): Settlement => ({ kind: 'settlement', rulings });
  expect(problemsOf(question, answer(ruling(2), ruling(1)))).toBe('');
  expect(problemsOf(question, answer(ruling(1)))).toBe('there is nothing about challenge 2');
  expect(problemsOf(question, answer(ruling(1), ruling(2), ruling(1)))).toBe('challenge 1 is answered 2 times');
  expect(problemsOf(question, answer(ruling(1), ruling(2), ruling(3)))).toMatch(/there is no challenge 3/);
  expect(question.prompt).toContain('"number": 2');
});

test('a decision is for one of the options, and its confidence lies between 0 and 1', () => {
  const scores = [{ criterion: 'cost', score: 5 }];
  const options = [
    { name: 'PostgreSQL', scores },
    { name: 'MongoDB', scores },
  ];
  const criteria = [{ name: 'cost', weight: 3 }];
  const decision = {
    kind: 'decision',
    criteria,
    options,
    confidence: 0.8,
    reason: 'x',
    wouldChangeIt: ['y'],
    importance: 9,
    urgency: 7,
  };
  const question = decisionMaker.decide('x', '');
  expect(problemsOf(question, { ...decision, decision: 'MongoDB' })).toBe('');
  expect(problemsOf(question, { ...decision, decision: 'Neither' })).toMatch(/not one of the options/);
  expect(problemsOf(question, { ...decision, decision: 'MongoDB', confidence: 1.2 })).toMatch(/^confidence/);
});

test('alternatives are three and different', () => {
  const alternative = (name: string, idea: string) => ({
    name,
    idea,
    cost: 'low',
    risk: 'low',
    firstExperiment: 'try',
  });
  const question = creativeInnovator.suggestAlternatives('x', '');
  const answer = (...alternatives: object[]) => ({
    kind: 'alternatives',
    alternatives,
    assumptions: [{ assumption: 'a', test: 'b' }],
  });
  const [one, two] = [alternative('Buy', 'pay somebody for it'), alternative('Leave it', 'do without any of it')];
  expect(problemsOf(question, answer(one, two, alternative('Mail', 'send letters by hand')))).toBe('');
  expect(problemsOf(question, answer(one, two))).toMatch(/^alternatives/);
  expect(problemsOf(question, answer(one, two, alternative('Pay', 'pay somebody for it')))).toMatch(/same idea/);
});

test('the coach proposes only about figures that are there', () => {
  const facts = { agent: 'developer', status: 'failed', verified: false, rounds: 2, prompts: 2, usd: 1 } as const;
  const known = performanceOf(new Date(0), [{ ...facts, waitingMs: 0, escalations: 0 }]);
  const answer = (figure: string) => ({
    kind: 'coaching',
    proposals: [{ figure, observation: 'a', proposal: 'b', expected: 'c' }],
  });
  expect(problemsOf(processCoach.coach(known, undefined), answer('success-rate'))).toBe('');
  expect(problemsOf(processCoach.coach(known, undefined), answer('usd-per-verified-task'))).toMatch(
    /"usd-per-verified-task", and that figure could not be computed/,
  );
  expect(problemsOf(processCoach.coach(known, undefined), answer('happiness'))).toMatch(/^proposals\.0\.figure/);
  expect(problemsOf(processCoach.coach(performance, undefined), answer('success-rate'))).toMatch(
    /could not be computed/,
  );
});
