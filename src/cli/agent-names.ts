import type { AgentRole } from '../domain/agent.ts';

/** The agents as people read them. */
export const agentNames: Readonly<Record<AgentRole, string>> = {
  developer: 'Developer',
  'project-manager': 'Project Manager',
  'quality-assurance': 'QA',
  'decision-maker': 'Decision Maker',
  'creative-innovator': 'Creative Innovator',
  'process-coach': 'Process Coach',
};
