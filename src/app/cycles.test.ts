import { expect, test } from 'vitest';
import { agentRoles } from '../domain/agent.ts';
import { cyclesOf } from './cycles.ts';

const usual = {
  promptLimit: 50,
  efficiencyThreshold: 1,
  responsePriority: 5,
  toolBuildingAllocation: 0.5,
  maxMessagesPerConversation: 3,
  roundTimeoutSeconds: 600,
  githubIntegration: false,
};
const system = {
  maxMessagesPerAgent: 3,
  escalationThreshold: 15,
  defaultPromptLimit: 50,
  feedbackIterationFrequency: 5,
  cycleSeconds: 86_400,
};

function cyclesWith(limits: Partial<Record<(typeof agentRoles)[number], number>>, at = '2026-11-22T20:00:00Z') {
  const agents = Object.fromEntries(
    agentRoles.map((role) => [role, { ...usual, maxClaudeRequestsPerCycle: limits[role] }]),
  ) as Parameters<typeof cyclesOf>[0]['agents'];
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
