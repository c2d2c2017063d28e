import { type Alternatives, alternativesSchema, problemsOfAlternatives } from '../../domain/answers/alternatives.ts';
import { type Challenges, challengesSchema, type Plan } from '../../domain/answers/planning.ts';
import type { Inquiry } from '../../domain/message-request.ts';
import { asData } from '../data.ts';
import type { AgentQuestion } from '../question.ts';
import { orInquiry, type Setting, settingFor } from '../requested.ts';
import { fill } from '../template.ts';
import type { CreativeInnovatorTemplates } from './definition.ts';

/** What the creative innovator is asked. */
export function creativeInnovatorQuestions(templates: CreativeInnovatorTemplates) {
  const question = {
    agent: 'creative-innovator',
    means: 'thinking',
    instructions: fill(templates.instructions, {}),
  } as const;
  return {
    suggestAlternatives(text: string, context: string): AgentQuestion<Alternatives> {
      const prompt = fill(templates.alternatives, {
        task: text,
        context: context === '' ? 'nothing is known' : context,
      });
      return { ...question, prompt, schema: alternativesSchema, problemsOf: problemsOfAlternatives };
    },

    challengePlan(
      { task, plan }: { readonly task: string; readonly plan: Plan },
      setting: Setting,
    ): AgentQuestion<Challenges | Inquiry> {
      return {
        ...question,
        prompt: fill(templates.challenge, { task, plan: asData(plan), ...settingFor(setting) }),
        schema: orInquiry(challengesSchema, setting),
      };
    },
  };
}
