import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agentRoles } from './agent.ts';
import { agentOfCycle, cycleAt, promptsForBuilds, scopeOfBuilds, scopeOfCycle } from './cycle.ts';

const moment = fc.integer({ min: 0, max: 4_102_444_800_000 });
const length = fc.integer({ min: 60, max: 31 * 86_400 });

test('every moment lies in the cycle that is named for it, and the next begins where it ends', () => {
  fc.assert(
    fc.property(moment, length, (now, seconds) => {
      const cycle = cycleAt(now, seconds);
      expect(cycle.begins.getTime()).toBeLessThanOrEqual(now);
      expect(cycle.ends.getTime()).toBeGreaterThan(now);
      expect(cycleAt(cycle.ends.getTime(), seconds)).toMatchObject({ number: cycle.number + 1, begins: cycle.ends });
    }),
  );
});

test('a day is a cycle from midnight to midnight in UTC', () => {
  const { begins, ends } = cycleAt(Date.parse('2026-11-22T20:15:00Z'), 86_400);
  expect([begins.toISOString(), ends.toISOString()]).toEqual(['2026-11-22T00:00:00.000Z', '2026-11-23T00:00:00.000Z']);
});

test('a scope of a cycle tells whose it is, and no other scope does', () => {
  for (const agent of agentRoles) expect(agentOfCycle(scopeOfCycle(agent, { number: 20_414 }))).toBe(agent);
  for (const agent of agentRoles) expect(agentOfCycle(scopeOfBuilds(agent, { number: 20_414 }))).toBe(agent);
  expect(agentOfCycle('all')).toBeUndefined();
  expect(agentOfCycle('agent:developer')).toBeUndefined();
});

test('work on tools has whole prompts of a cycle: never more than the share, but one of every share above nothing', () => {
  expect([
    promptsForBuilds(10, 0.7),
    promptsForBuilds(1, 0.5),
    promptsForBuilds(10, 0),
    promptsForBuilds(10, 1),
  ]).toEqual([7, 1, 0, 10]);
});
