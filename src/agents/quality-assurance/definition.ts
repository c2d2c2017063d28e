import type { AgentProfile, TemplatesOf } from '../profile.ts';

export const qualityAssuranceProfile = {
  role: 'quality-assurance',
  duty: 'Reads the real code, says what is wrong with it and where, and gives a verdict on each phase.',
  way: 'reading',
  templates: {
    instructions: { required: [], optional: [] },
    review: { required: ['task'], optional: ['context'] },
    'phase-review': { required: ['phase', 'tests'], optional: ['project', 'outcome', 'diff'] },
    risks: { required: ['plan'], optional: [] },
    'test-cases': { required: ['requirements'], optional: [] },
    'held-out': { required: ['request'], optional: [] },
    reply: { required: ['message'], optional: ['topic', 'members', 'earlier', 'messages'] },
  },
} as const satisfies AgentProfile;

export type QualityAssuranceTemplates = TemplatesOf<typeof qualityAssuranceProfile>;
