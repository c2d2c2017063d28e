import type { AgentRole } from '../domain/agent.ts';
import type { ConfigFile } from './schema.ts';

/** What can be set for one agent. */
export type AgentConfig = {
  /** Prompts that one task may spend. */
  readonly promptLimit: number;
  /** Below this efficiency the Process Coach looks at the agent. */
  readonly efficiencyThreshold: number;
  /** Who answers first when several could: 1 to 10, 10 first. */
  readonly responsePriority: number;
  /** The part of its prompts, 0 to 1, that it may spend on building tools. */
  readonly toolBuildingAllocation: number;
  /** Undefined: no limit beside `promptLimit`. */
  readonly maxClaudeRequestsPerCycle?: number | undefined;
  readonly maxMessagesPerConversation: number;
  readonly roundTimeoutSeconds: number;
  readonly githubIntegration: boolean;
};

/** The agents by role; what an agent does not set it takes from [system] and [claude_code]. */
export function agentsOf({ agents, system, claude_code }: ConfigFile): Readonly<Record<AgentRole, AgentConfig>> {
  const configOf = (agent: ConfigFile['agents']['project_manager']): AgentConfig => ({
    promptLimit: agent.prompt_limit ?? system.default_prompt_limit,
    efficiencyThreshold: agent.efficiency_threshold,
    responsePriority: agent.response_priority,
    toolBuildingAllocation: agent.tool_building_allocation,
    maxClaudeRequestsPerCycle: agent.max_claude_requests_per_cycle,
    maxMessagesPerConversation: agent.max_messages_per_conversation ?? system.max_messages_per_agent,
    roundTimeoutSeconds: agent.claude_timeout_ms === undefined ? claude_code.timeout : agent.claude_timeout_ms / 1_000,
    githubIntegration: agent.github_integration,
  });
  return {
    developer: configOf(agents.software_developer),
    'project-manager': configOf(agents.project_manager),
    'quality-assurance': configOf(agents.quality_assurance),
    'decision-maker': configOf(agents.decision_maker),
    'creative-innovator': configOf(agents.creative_innovator),
    'process-coach': configOf(agents.process_coach),
  };
}
