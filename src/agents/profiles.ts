import type { AgentRole } from '../domain/agent.ts';
import { creativeInnovatorProfile } from './creative-innovator/definition.ts';
import { decisionMakerProfile } from './decision-maker/definition.ts';
import { developerProfile } from './developer/definition.ts';
import { processCoachProfile } from './process-coach/definition.ts';
import type { AgentProfile, TemplatesOf } from './profile.ts';
import { projectManagerProfile } from './project-manager/definition.ts';
import { qualityAssuranceProfile } from './quality-assurance/definition.ts';

/** The whole team. */
export const profiles = {
  developer: developerProfile,
  'project-manager': projectManagerProfile,
  'quality-assurance': qualityAssuranceProfile,
  'decision-maker': decisionMakerProfile,
  'creative-innovator': creativeInnovatorProfile,
  'process-coach': processCoachProfile,
} as const satisfies Readonly<Record<AgentRole, AgentProfile>>;

/** The texts of all templates, by agent and name. */
export type Templates = { readonly [Role in AgentRole]: TemplatesOf<(typeof profiles)[Role]> };
