import type { AgentRole } from '../../domain/agent.ts';

/** How each agent appears. */
export const voices: Readonly<
  Record<AgentRole, { readonly name: string; readonly sign: string; readonly short: string }>
> = {
  developer: { name: 'Developer', sign: '🤖', short: 'dev' },
  'project-manager': { name: 'Project Manager', sign: '🎯', short: 'pm' },
  'quality-assurance': { name: 'Quality Assurance', sign: '🔍', short: 'qa' },
  'decision-maker': { name: 'Decision Maker', sign: '🧭', short: 'dm' },
  'creative-innovator': { name: 'Creative Innovator', sign: '💡', short: 'innovator' },
  'process-coach': { name: 'Process Coach', sign: '📈', short: 'coach' },
};
