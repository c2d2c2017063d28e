import type { AgentConfig } from '../../config/agents.ts';
import type { Config } from '../../config/config.ts';
import { type AgentRole, agentRoles } from '../../domain/agent.ts';

const agent: AgentConfig = {
  promptLimit: 50,
  efficiencyThreshold: 1,
  responsePriority: 5,
  toolBuildingAllocation: 0.5,
  maxMessagesPerConversation: 3,
  roundTimeoutSeconds: 600,
  githubIntegration: false,
};

export const system: Config['system'] = {
  maxMessagesPerAgent: 3,
  escalationThreshold: 15,
  defaultPromptLimit: 50,
  feedbackIterationFrequency: 5,
  cycleSeconds: 86_400,
};

/** The team with nothing set but this. */
export function agentsWith(set: Partial<Record<AgentRole, Partial<AgentConfig>>> = {}): Config['agents'] {
  return Object.fromEntries(agentRoles.map((role) => [role, { ...agent, ...set[role] }])) as Config['agents'];
}
