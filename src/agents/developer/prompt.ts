import type { Analysis } from '../../domain/analysis.ts';
import type { AgentDefinition } from '../agent-definition.ts';
import { fill } from '../template.ts';
import type { DeveloperTemplates } from './definition.ts';

export function developerPrompts(templates: DeveloperTemplates): Omit<AgentDefinition, 'role'> {
  return {
    // The workspace's own instructions are quoted as what they are: its text.
    instructions(workspaceInstructions) {
      const role = fill(templates.instructions, {});
      if (workspaceInstructions === undefined) return role;
      return `${role}\n\n${fill(templates['workspace-instructions'], { instructions: workspaceInstructions })}`;
    },
    firstPrompt: (text, { complexity, language }) =>
      fill(templates['first-prompt'], {
        task: text,
        language: languageLine(language),
        requirements: fill(templates[complexity === 'simple' ? 'requirements-simple' : 'requirements-full'], {
          conventions: conventionsOf(language.name),
        }),
      }),
    mendPrompt: (failures) => fill(templates['mend-prompt'], { failures }),
    resumePrompt: (asked) => fill(templates['resume-prompt'], { asked }),
  };
}

function languageLine({ name, confidence }: Analysis['language']): string {
  if (name === 'unknown')
    return 'Language: not named. Use what the workspace is written in, else what fits the task best.';
  return `Language: ${name} (detected with ${Math.round(confidence * 100)}% confidence)`;
}

function conventionsOf(language: string): string {
  return language === 'unknown' ? 'Follow the conventions of the language you use' : `Follow ${language} conventions`;
}
