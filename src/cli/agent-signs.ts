import type { AgentRole } from '../domain/agent.ts';

/** What people tell the agents apart by at a glance. */
export const agentSigns: Readonly<Record<AgentRole, string>> = {
  developer: '💻',
  'project-manager': '📋',
  'quality-assurance': '🔍',
  'decision-maker': '🧭',
  'creative-innovator': '💡',
  'process-coach': '📈',
};
