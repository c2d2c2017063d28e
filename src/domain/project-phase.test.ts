import { expect, test } from 'vitest';
import { allWell, begun, carriedOut, type Decisions, done, passed } from './__fixtures__/project-walk.ts';
import type { Coordinating } from './project.ts';
import { matterOf } from './project-choice.ts';
import { afterEvaluation } from './project-phase.ts';
import { afterChallenges } from './project-planning.ts';

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

test('what we looked at ourselves counts more than what anybody says', () => {
  const at = { kind: 'evaluate', phase: 0, taskId: 't', review: passed } as const;
  expect(afterEvaluation(begun().project, at, done, ['the tests pass']).at).toMatchObject({ kind: 'assign', phase: 0 });
  const finding = { title: 'Hole', severity: 'critical', place: '', detail: 'd', recommendation: 'r' } as const;
  const praised = { ...at, review: { ...passed, findings: [finding] } };
  expect(afterEvaluation(begun().project, praised, done, []).at).toMatchObject({ kind: 'assign', phase: 0 });
});
