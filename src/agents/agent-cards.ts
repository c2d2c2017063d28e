import { type AgentRole, agentRoles } from '../domain/agent.ts';
import type { AgentCard } from '../domain/agent-card.ts';
import { profiles } from './profiles.ts';
import type { TemplateFile } from './template-files.ts';

/** The team as people get to know it. */
export function agentCards(
  files: readonly TemplateFile[],
  settingOf: (role: AgentRole) => Pick<AgentCard, 'model' | 'promptLimit' | 'githubIntegration'>,
): AgentCard[] {
  return agentRoles.map((role) => {
    const { duty, way } = profiles[role];
    const setting = settingOf(role);
    const templates = files
      .filter((file) => file.role === role)
      .map(({ name, text, override }) => ({ name, text, ...(override === undefined ? {} : { override }) }));
    return { role, duty, way, ...setting, templates };
  });
}
