import fc from 'fast-check';
import { expect, test } from 'vitest';
import { begun } from './__fixtures__/project-walk.ts';
import { type AgentHappening, type AgentStatus, agentsAtWork, exitOf, mostUrgent, nextStatus } from './agent-status.ts';
import { moved } from './project.ts';
import type { Task } from './task.ts';

const prompts = fc.nat({ max: 5 });
const text = fc.constantFrom('a reason', 'a tool');
const happenings: fc.Arbitrary<AgentHappening> = fc.oneof(
  fc.record({ kind: fc.constant('work-begun' as const), promptsRemaining: prompts }),
  fc.constant({ kind: 'prompt-spent' } as const),
  fc.record({ kind: fc.constant('limit-reached' as const), reason: text }),
  fc.record({ kind: fc.constant('granted' as const), promptsRemaining: prompts }),
  fc.record({ kind: fc.constant('question-asked' as const), reason: text }),
  fc.record({ kind: fc.constant('question-answered' as const), promptsRemaining: prompts }),
  fc.record({ kind: fc.constant('tool-requested' as const), tool: text }),
  fc.record({ kind: fc.constant('tool-decided' as const), promptsRemaining: prompts }),
  fc.record({ kind: fc.constant('build-begun' as const), tool: text }),
  fc.record({ kind: fc.constant('build-advanced' as const), progress: fc.double({ min: -1, max: 2, noNaN: true }) }),
  fc.constant({ kind: 'work-ended' } as const),
);

/** What may follow what; everything else is a contradiction. */
const allowed: Readonly<Record<AgentStatus['kind'], readonly AgentStatus['kind'][]>> = {
  idle: ['active', 'building-tool'],
  active: ['active', 'exhausted', 'escalated', 'waiting-for-tool-decision', 'idle'],
  exhausted: ['active', 'idle'],
  'building-tool': ['building-tool', 'exhausted', 'escalated', 'idle'],
  escalated: ['active', 'idle'],
  'waiting-for-tool-decision': ['active', 'idle'],
};

test('whatever happens: only what may follow follows, prompts are never less than none, and each status has an exit', () => {
  fc.assert(
    fc.property(fc.array(happenings, { maxLength: 60 }), (story) => {
      let status: AgentStatus = { kind: 'idle' };
      for (const happening of story) {
        const next = nextStatus(status, happening);
        if (!next) continue;
        expect(allowed[status.kind]).toContain(next.kind);
        if (next.kind === 'active') expect(next.promptsRemaining).toBeGreaterThanOrEqual(0);
        if (next.kind === 'building-tool') expect(next.progress).toBeLessThanOrEqual(1);
        if (status.kind === 'building-tool' && next.kind === 'building-tool')
          expect(next.progress).toBeGreaterThanOrEqual(status.progress);
        status = next;
      }
      if (status.kind === 'idle') return;
      expect(exitOf(status)).toMatch(/^spiral /);
      expect(nextStatus(status, { kind: 'work-ended' })).toEqual({ kind: 'idle' });
    }),
  );
});

test('without a prompt left none is spent', () => {
  expect(nextStatus({ kind: 'active', promptsRemaining: 0 }, { kind: 'prompt-spent' })).toBeUndefined();
});

test('an agent with several tasks stands as the one that needs a person most', () => {
  const active = { kind: 'active', promptsRemaining: 3 } as const;
  const escalated = { kind: 'escalated', reason: 'a phase is not accepted' } as const;
  const exhausted = { kind: 'exhausted', reason: 'no dollar is left' } as const;
  expect(mostUrgent([active, exhausted, escalated])).toBe(escalated);
  expect(mostUrgent([active, exhausted])).toBe(exhausted);
  expect(mostUrgent([])).toEqual({ kind: 'idle' });
});

test('whoever is asked inside a project is at work beside the project manager', () => {
  const coordinating = begun();
  const atWork = (state: Task['state']) => agentsAtWork({ agent: 'project-manager', state });
  expect(atWork(coordinating)).toEqual(['project-manager', 'creative-innovator']);
  const challenges = [{ about: 'Core', challenge: 'much', instead: 'less' }];
  expect(atWork(moved(coordinating.project, { kind: 'settle', challenges }))).toEqual([
    'project-manager',
    'decision-maker',
  ]);
  expect(atWork(moved(coordinating.project, { kind: 'review', phase: 0, taskId: 't' }))).toEqual([
    'project-manager',
    'quality-assurance',
  ]);
  // The developer has a task of its own there, and a plan of the project manager is its own work.
  expect(atWork(moved(coordinating.project, { kind: 'develop', phase: 0, taskId: 't' }))).toEqual(['project-manager']);
  expect(atWork(moved(coordinating.project, { kind: 'close' }))).toEqual(['project-manager']);
  expect(agentsAtWork({ agent: 'developer', state: { kind: 'accepted' } })).toEqual(['developer']);
});
