/** The six roles of the team, by the names that configuration, events and the command line use. */
export const agentRoles = [
  'developer',
  'project-manager',
  'quality-assurance',
  'decision-maker',
  'creative-innovator',
  'process-coach',
] as const;

export type AgentRole = (typeof agentRoles)[number];

/** What a person may type instead of the whole name. */
export const shortNames: Readonly<Record<string, AgentRole>> = {
  dev: 'developer',
  pm: 'project-manager',
  qa: 'quality-assurance',
  dm: 'decision-maker',
  innovator: 'creative-innovator',
  coach: 'process-coach',
};

/** The role that a whole or a short name stands for; undefined when it names none. */
export function roleNamed(name: string): AgentRole | undefined {
  const lower = name.trim().toLowerCase();
  return agentRoles.find((role) => role === lower) ?? shortNames[lower];
}
