import type { Evaluation, Plan } from '../answers/planning.ts';
import type { CheckedPhaseReview, Coordinating } from '../project.ts';
import { afterChoice, choicesOf } from '../project-choice.ts';
import { afterAssignment, afterDevelopment, afterEvaluation, afterReview } from '../project-phase.ts';
import { afterChallenges, afterRevision, afterSettlement, beginProject } from '../project-planning.ts';
import { nextProjectStep } from '../project-step.ts';

export const plan: Plan = {
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
export const passed: CheckedPhaseReview = {
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
export const done: Evaluation = { kind: 'evaluation', criteria: [], isDone: true, refinement: '' };
const undone: Evaluation = { ...done, isDone: false, refinement: 'handle errors' };

/** A project of three phases with two attempts for each. */
export function begun(isApprovalNeeded = false): Coordinating {
  return beginProject(plan, { attempts: 2, isApprovalNeeded });
}

/** Carries out one step as its agents, or a person, would decide. */
export function carriedOut(state: Coordinating, decide: Decisions, count: number): Coordinating | 'stopped' | 'closed' {
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

/** What agents, people and the world decide in a walk over a project. */
export type Decisions = {
  yes(): boolean;
  isAway(): boolean;
  status(): 'succeeded' | 'failed' | 'timed-out' | 'cancelled' | 'out-of-budget';
  choice(names: readonly string[]): string;
};

export const allWell: Decisions = {
  yes: () => true,
  isAway: () => false,
  status: () => 'succeeded',
  choice: ([first = '']) => first,
};

