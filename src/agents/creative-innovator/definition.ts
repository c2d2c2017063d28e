import type { AgentProfile, TemplatesOf } from '../profile.ts';

export const creativeInnovatorProfile = {
  role: 'creative-innovator',
  duty: 'Finds really different ways, and questions what everybody takes for granted.',
  way: 'thinking',
  templates: {
    instructions: { required: [], optional: [] },
    alternatives: { required: ['task'], optional: ['context'] },
    challenge: { required: ['plan'], optional: ['task', 'messages', 'colleagues'] },
    reply: { required: ['message'], optional: ['topic', 'members', 'earlier', 'messages'] },
  },
} as const satisfies AgentProfile;

export type CreativeInnovatorTemplates = TemplatesOf<typeof creativeInnovatorProfile>;
