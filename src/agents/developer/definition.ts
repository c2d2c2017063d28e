import type { AgentDefinition } from '../agent-definition.ts';
import { firstPrompt, instructions, mendPrompt, resumePrompt } from './prompt.ts';

/** Writes and changes code through Claude Code. */
export const developer: AgentDefinition = {
  role: 'developer',
  instructions,
  firstPrompt,
  mendPrompt,
  resumePrompt,
};
