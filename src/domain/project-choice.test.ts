import { expect, test } from 'vitest';
import { begun } from './__fixtures__/project-walk.ts';
import { afterChoice } from './project-choice.ts';
import { afterDevelopment } from './project-phase.ts';

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
