import type { AgentProfile, TemplatesOf } from '../profile.ts';

export const processCoachProfile = {
  role: 'process-coach',
  duty: 'Reads the figures of the team, computed from what was recorded, and proposes what to change.',
  way: 'thinking',
  templates: {
    instructions: { required: [], optional: [] },
    coaching: { required: ['performance'], optional: ['task'] },
    reply: { required: ['message'], optional: ['topic', 'members', 'earlier', 'messages'] },
  },
} as const satisfies AgentProfile;

export type ProcessCoachTemplates = TemplatesOf<typeof processCoachProfile>;
