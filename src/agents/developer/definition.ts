import type { AgentDefinition } from '../agent-definition.ts';
import type { AgentProfile, TemplatesOf } from '../profile.ts';
import { developerPrompts } from './prompt.ts';

export const developerProfile = {
  role: 'developer',
  duty: 'Writes and changes code, with tests, in the folder of the task.',
  way: 'building',
  templates: {
    instructions: { required: [], optional: [] },
    'workspace-instructions': { required: ['instructions'], optional: [] },
    'first-prompt': { required: ['task'], optional: ['language', 'requirements'] },
    'requirements-simple': { required: [], optional: ['conventions'] },
    'requirements-full': { required: [], optional: ['conventions'] },
    'mend-prompt': { required: ['failures'], optional: [] },
    'resume-prompt': { required: ['asked'], optional: [] },
    reply: { required: ['message'], optional: ['topic', 'members', 'earlier', 'messages'] },
  },
} as const satisfies AgentProfile;

export type DeveloperTemplates = TemplatesOf<typeof developerProfile>;

/** Writes and changes code through Claude Code. */
export function developerOf(templates: DeveloperTemplates): AgentDefinition {
  return { role: 'developer', ...developerPrompts(templates) };
}
