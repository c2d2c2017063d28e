import { expect, test } from 'vitest';
import { agentRoles } from '../domain/agent.ts';
import { allowanceFrom } from './conversations.ts';

const agent = {
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
const agents = Object.fromEntries(agentRoles.map((role) => [role, agent])) as Parameters<
  typeof allowanceFrom
>[0]['agents'];

test('every agent may send what the system lets it, and one with a limit of its own that', () => {
  expect(allowanceFrom({ system, agents })).toEqual({ each: 3, all: 15 });
  const coach = { ...agent, maxMessagesPerConversation: 1 };
  expect(allowanceFrom({ system, agents: { ...agents, 'process-coach': coach } })).toEqual({
    each: 3,
    all: 15,
    own: { 'process-coach': 1 },
  });
});
