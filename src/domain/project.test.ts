import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allWell, begun, carriedOut, type Decisions } from './__fixtures__/project-walk.ts';
import { type Coordinating, coordinatingSchema } from './project.ts';
import { choicesOf } from './project-choice.ts';
import { nextProjectStep } from './project-step.ts';
import { nextStep } from './task.ts';

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
