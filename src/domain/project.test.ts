import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Evaluation, Plan } from './answers/planning.ts';
import {
  afterAssignment,
  afterChallenges,
  afterDevelopment,
  afterEvaluation,
  afterReview,
  afterRevision,
  afterSettlement,
  beginProject,
  type CheckedPhaseReview,
  type Coordinating,
  coordinatingSchema,
  nextProjectStep,
} from './project.ts';
import { afterChoice, choicesOf, matterOf } from './project-choice.ts';
import { nextStep } from './task.ts';

const plan: Plan = {
  kind: 'plan',
  title: 'Sign in',
  phases: ['Core', 'Login', 'Reset'].map((name, index, names) => ({
    name,
    goal: `have ${name}`,
    task: `build ${name}`,
    criteria: [{ criterion: 'the tests pass', checkedBy: 'tests', subject: '' }],
    dependsOn: index === 0 ? [] : [names[index - 1] ?? ''],
  })),
};
const passed: CheckedPhaseReview = {
  kind: 'phase-review',
  subject: 'Phase',
  verdict: 'passed',
  reason: 'it does what it should',
  findings: [],
  strengths: [],
  remediation: [],
  dropped: 0,
};
const rejected: CheckedPhaseReview = { ...passed, verdict: 'rejected', reason: 'it does not' };
const done: Evaluation = { kind: 'evaluation', criteria: [], isDone: true, refinement: '' };
const undone: Evaluation = { ...done, isDone: false, refinement: 'handle errors' };

const begun = (isApprovalNeeded = false) => beginProject(plan, { attempts: 2, isApprovalNeeded });

/** Carries out one step as its agents, or a person, would decide. */
function carriedOut(state: Coordinating, decide: Decisions, count: number): Coordinating | 'stopped' | 'closed' {
  const step = nextProjectStep(state);
  const { project } = state;
  switch (step.kind) {
    case 'pay':
      return { ...state, isPaid: true };
    case 'ask-human':
      return afterChoice(state, {
        kind: 'chosen',
        choice: decide.choice(choicesOf[step.about].map(({ name }) => name)),
        text: 'words',
      });
    case 'assign':
      return afterAssignment(project, step.at, `task-${count}`);
    case 'develop':
      return afterDevelopment(project, step.at, { status: decide.status() });
    case 'ask':
      break;
  }
  const { at } = step;
  if (decide.isAway()) return { ...state, blocked: 'the model API does not answer' };
  switch (at.kind) {
    case 'challenge':
      return afterChallenges(project, decide.yes() ? [{ about: 'Core', challenge: 'too much', instead: 'less' }] : []);
    case 'settle':
      return afterSettlement(project, at, {
        kind: 'settlement',
        rulings: [{ number: 1, accepted: decide.yes(), reason: 'so' }],
      });
    case 'revise':
      return afterRevision(project, plan);
    case 'review':
      return afterReview(project, at, decide.yes() ? passed : rejected);
    case 'evaluate':
      return afterEvaluation(project, at, decide.yes() ? done : undone, decide.yes() ? [] : ['the tests pass']);
    case 'close':
      return 'closed';
  }
}

type Decisions = {
  yes(): boolean;
  isAway(): boolean;
  status(): 'succeeded' | 'failed' | 'timed-out' | 'cancelled' | 'out-of-budget';
  choice(names: readonly string[]): string;
};

const allWell: Decisions = {
  yes: () => true,
  isAway: () => false,
  status: () => 'succeeded',
  choice: ([first = '']) => first,
};

test('a project is challenged, settled, revised, and then every phase is built, reviewed and judged in order', () => {
  const story: string[] = [];
  let state: Coordinating | 'stopped' | 'closed' = begun();
  for (let count = 0; typeof state !== 'string' && count < 100; count += 1) {
    const step = nextProjectStep(state);
    if (step.kind !== 'pay') story.push(step.kind === 'ask' ? step.at.kind : step.kind);
    state = carriedOut(state, allWell, count);
  }
  const phase = ['assign', 'develop', 'review', 'evaluate'];
  expect(story).toEqual(['challenge', 'settle', 'revise', ...phase, ...phase, ...phase, 'close']);
});

test('nothing is built before a person has confirmed the plan when they want that, and a change is shown to them again', () => {
  let state = afterChallenges(begun(true).project, []);
  expect(nextProjectStep(state)).toEqual({ kind: 'ask-human', about: 'plan' });
  const revise = afterChoice(state, { kind: 'chosen', choice: 'revise', text: 'without Reset' });
  if (revise === 'stopped') throw new Error('a revision is no end');
  expect(revise.at).toMatchObject({ kind: 'revise', changes: ['without Reset'] });
  state = afterRevision(revise.project, plan);
  expect(nextProjectStep(state)).toEqual({ kind: 'ask-human', about: 'plan' });
  expect(state.project.revision).toBe(2);
});

test('a phase that is rejected is tried again with what was found, and after enough attempts a person is asked', () => {
  let state: Coordinating | 'stopped' | 'closed' = afterChallenges(begun().project, []);
  const never: Decisions = { ...allWell, yes: () => false };
  const attempts: unknown[] = [];
  for (let count = 0; typeof state !== 'string' && matterOf(state) === undefined && count < 50; count += 1) {
    if (state.at.kind === 'assign') attempts.push(state.at.because.kind);
    state = carriedOut(state, never, count);
  }
  expect(attempts).toEqual(['first', 'refine']);
  expect(state).toMatchObject({
    at: { kind: 'escalate', phase: 0, findings: expect.stringContaining('handle errors') },
  });
});

test.each([
  ['continue', { kind: 'assign', because: { kind: 'refine' } }],
  ['change', { kind: 'assign', because: { kind: 'changed', words: 'use cookies' } }],
  ['skip', { kind: 'assign', phase: 1 }],
])('a person who says %s is heard', (choice, at) => {
  const escalated = afterDevelopment(
    begun().project,
    { kind: 'develop', phase: 0, taskId: 't' },
    { status: 'cancelled' },
  );
  expect(afterChoice(escalated, { kind: 'chosen', choice, text: 'use cookies' })).toMatchObject({ at });
});

test('what we looked at ourselves counts more than what anybody says', () => {
  const at = { kind: 'evaluate', phase: 0, taskId: 't', review: passed } as const;
  expect(afterEvaluation(begun().project, at, done, ['the tests pass']).at).toMatchObject({ kind: 'assign', phase: 0 });
  const finding = { title: 'Hole', severity: 'critical', place: '', detail: 'd', recommendation: 'r' } as const;
  const praised = { ...at, review: { ...passed, findings: [finding] } };
  expect(afterEvaluation(begun().project, praised, done, []).at).toMatchObject({ kind: 'assign', phase: 0 });
});

test('whatever agents and people decide: a project goes on to its end, each state can be saved, and each has an exit', () => {
  const decisions = fc.infiniteStream(fc.nat());
  fc.assert(
    fc.property(decisions, fc.boolean(), (stream, isApprovalNeeded) => {
      const next = (most: number) => Number(stream.next().value) % most;
      const statuses = ['succeeded', 'succeeded', 'failed', 'timed-out', 'cancelled', 'out-of-budget'] as const;
      const decide: Decisions = {
        yes: () => next(4) > 0,
        isAway: () => next(8) === 0,
        status: () => statuses[next(statuses.length)] ?? 'failed',
        // A person gets tired of trying.
        choice: (names) => names[Math.min(next(names.length + 2), names.length - 1)] ?? 'stop',
      };
      let state: Coordinating | 'stopped' | 'closed' = begun(isApprovalNeeded);
      for (let count = 0; typeof state !== 'string' && count < 5_000; count += 1) {
        expect(coordinatingSchema.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
        // A person can always end it, and is always told how to go on where it stands.
        const cancelled = nextStep({ state, cancelRequested: true, agent: 'project-manager' });
        expect(cancelled).toMatchObject({ kind: 'finish', ending: { status: 'cancelled' } });
        const step = nextProjectStep(state);
        if (step.kind === 'ask-human') expect(choicesOf[step.about].map(({ name }) => name)).toContain('stop');
        state = carriedOut(state, decide, count);
      }
      expect(['stopped', 'closed']).toContain(state);
    }),
  );
});
