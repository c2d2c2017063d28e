import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlannedPhase } from './answers/planning.ts';
import { inOrder, mostPhases, problemsOfPlan } from './plan.ts';

function phase(name: string, dependsOn: readonly string[] = []): PlannedPhase {
  const criteria = [{ criterion: 'the tests pass', checkedBy: 'tests' as const, subject: '' }];
  return { name, goal: 'a goal', task: 'a task', criteria, dependsOn: [...dependsOn] };
}

test('a plan whose phases can be done one after another has no problems', () => {
  const phases = [phase('Reset', ['Login']), phase('Core'), phase('Login', ['core'])];
  expect(problemsOfPlan({ phases })).toEqual([]);
  expect(inOrder(phases)?.map(({ name }) => name)).toEqual(['Core', 'Login', 'Reset']);
});

test.each([
  ['no phases', [], /no phases/],
  ['too many phases', Array.from({ length: 200 }, (_, index) => phase(`P${index}`)), /200 phases; 20 is the most/],
  ['two phases with one name', [phase('Core'), phase('core ')], /two phases are called "core "/],
  ['an unknown dependency', [phase('Core', ['Nowhere'])], /depends on "Nowhere", which is no phase/],
  ['a phase that depends on itself', [phase('Core', ['Core'])], /circle: Core -> Core/],
  ['a circle', [phase('A'), phase('B', ['D']), phase('C', ['B']), phase('D', ['C'])], /circle: B -> D -> C -> B/],
  [
    'nothing that can be checked',
    [{ ...phase('Core'), criteria: [{ criterion: 'it is good', checkedBy: 'review' as const, subject: '' }] }],
    /"Core" has no criterion that can be checked/,
  ],
  [
    'a file outside',
    [{ ...phase('Core'), criteria: [{ criterion: 'it is there', checkedBy: 'file' as const, subject: '../x' }] }],
    /names no path inside/,
  ],
])('a plan with %s is told what is wrong with it', (_name, phases, problem) => {
  expect(problemsOfPlan({ phases }).join('\n')).toMatch(problem);
});

test('whatever the dependencies: either every phase comes after what it needs, or a circle is told', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const phases = fc
    .uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: Math.min(names.length, mostPhases) })
    .chain((chosen) =>
      fc.tuple(...chosen.map((name) => fc.subarray(chosen).map((dependsOn) => phase(name, dependsOn)))),
    );
  fc.assert(
    fc.property(phases, (plan) => {
      const ordered = inOrder(plan);
      if (!ordered) return problemsOfPlan({ phases: plan }).some((problem) => problem.includes('circle'));
      return (
        ordered.length === plan.length &&
        ordered.every(({ dependsOn }, index) =>
          dependsOn.every((wanted) => ordered.slice(0, index).some(({ name }) => name === wanted)),
        )
      );
    }),
  );
});
