import { expect, test } from 'vitest';
import type { AgentRole } from '../domain/agent.ts';
import { agentsWith, system } from './__fixtures__/agents.ts';
import { cyclesOf } from './cycles.ts';

function cyclesWith(limits: Partial<Record<AgentRole, number>>, at = '2026-11-22T20:00:00Z') {
  const set = Object.entries(limits).map(([role, prompts]) => [role, { maxClaudeRequestsPerCycle: prompts }]);
  const agents = agentsWith(Object.fromEntries(set));
  return cyclesOf({ agents, system }, () => Date.parse(at));
}

test('the prompts of an agent without a limit are counted, but it has none that could be moved', () => {
  const cycles = cyclesWith({ developer: 4 });
  expect(cycles.shareOf('quality-assurance')).toMatchObject({
    limit: { scope: expect.stringMatching(/^cycle:quality-assurance:\d+$/), limit: {} },
  });
  expect(cycles.shares().map(({ agent }) => agent)).toEqual(['developer']);
});

test('nothing can be moved where the project manager has no limit', () => {
  expect(cyclesWith({ developer: 4 }).moves().limit).toEqual({ prompts: 0 });
});

test('a share holds until midnight, and the next day has one of its own', () => {
  const today = cyclesWith({ developer: 4 }).shareOf('developer');
  const tomorrow = cyclesWith({ developer: 4 }, '2026-11-23T00:00:00Z').shareOf('developer');
  expect(today?.limit).toMatchObject({ limit: { prompts: 4 }, renewsAt: '2026-11-23T00:00:00.000Z' });
  expect(tomorrow?.limit.scope).not.toBe(today?.limit.scope);
});
