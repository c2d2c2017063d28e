import { expect, test } from 'vitest';
import { allWell, begun, carriedOut } from './__fixtures__/project-walk.ts';
import type { Coordinating } from './project.ts';
import { agentAt } from './project-step.ts';

test('each position has its agent, and where a person is asked none is at work', () => {
  const story: (readonly [string, string | undefined])[] = [];
  let state: Coordinating | 'stopped' | 'closed' = begun(true);
  for (let count = 0; typeof state !== 'string' && count < 100; count += 1) {
    const { at }: Coordinating = state;
    if (story.at(-1)?.[0] !== at.kind) story.push([at.kind, agentAt(at)]);
    state = carriedOut(state, allWell, count);
  }
  expect(story.slice(0, 8)).toEqual([
    ['challenge', 'creative-innovator'],
    ['settle', 'decision-maker'],
    ['revise', 'project-manager'],
    ['approve', undefined],
    ['assign', 'developer'],
    ['develop', 'developer'],
    ['review', 'quality-assurance'],
    ['evaluate', 'project-manager'],
  ]);
  expect(story.at(-1)).toEqual(['close', 'project-manager']);
  expect(agentAt({ kind: 'escalate', phase: 0, reason: 'no', findings: '' })).toBeUndefined();
});
