import type { AgentProfile, TemplatesOf } from '../profile.ts';

export const projectManagerProfile = {
  role: 'project-manager',
  duty: 'Analyses what is wanted, plans what is to be built, and judges whether each phase is done.',
  way: 'thinking',
  templates: {
    instructions: { required: [], optional: [] },
    'analysis-or-plan': { required: ['task'], optional: ['context'] },
    analysis: { required: ['task'], optional: ['context'] },
    plan: { required: ['task'], optional: ['context'] },
    revision: { required: ['plan', 'changes'], optional: ['task', 'context'] },
    evaluation: {
      required: ['criteria', 'phase'],
      optional: ['project', 'outcome', 'tests', 'review', 'diff'],
    },
    closing: { required: ['phases'], optional: ['project'] },
    reply: { required: ['message'], optional: ['topic', 'members', 'earlier', 'messages'] },
    relevance: { required: ['agents', 'message'], optional: ['topic'] },
    summary: { required: ['messages'], optional: ['earlier', 'words'] },
    'tool-assessment': { required: ['request'], optional: ['tools', 'facts'] },
    'tool-plan': { required: ['request'], optional: ['tools'] },
    'tool-research': { required: ['request'], optional: ['plan'] },
    'tool-manual': { required: ['manifest'], optional: ['request', 'examples'] },
  },
} as const satisfies AgentProfile;

export type ProjectManagerTemplates = TemplatesOf<typeof projectManagerProfile>;
