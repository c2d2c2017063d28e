import type { AgentProfile, TemplatesOf } from '../profile.ts';

export const decisionMakerProfile = {
  role: 'decision-maker',
  duty: 'Weighs options by criteria, decides, and says what would change the decision.',
  way: 'thinking',
  templates: {
    instructions: { required: [], optional: [] },
    decision: { required: ['task'], optional: ['context'] },
    settlement: { required: ['plan', 'challenges'], optional: ['messages', 'colleagues'] },
    reply: { required: ['message'], optional: ['topic', 'members', 'earlier', 'messages'] },
  },
} as const satisfies AgentProfile;

export type DecisionMakerTemplates = TemplatesOf<typeof decisionMakerProfile>;
