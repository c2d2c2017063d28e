import { expect, test } from 'vitest';
import { begun, plan } from './__fixtures__/project-walk.ts';
import { afterChoice } from './project-choice.ts';
import { afterChallenges, afterRevision } from './project-planning.ts';
import { nextProjectStep } from './project-step.ts';

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
