import { type Coaching, coachingSchema } from '../../domain/answers/coaching.ts';
import type { Performance } from '../../domain/performance.ts';
import { asData } from '../data.ts';
import type { AgentQuestion } from '../question.ts';
import { fill } from '../template.ts';
import type { ProcessCoachTemplates } from './definition.ts';

/** What the process coach is asked. */
export function processCoachQuestions(templates: ProcessCoachTemplates) {
  return {
    /** @param text what a person wants to know; undefined for everything */
    coach(performance: Performance, text: string | undefined): AgentQuestion<Coaching> {
      return {
        agent: 'process-coach',
        means: 'thinking',
        instructions: fill(templates.instructions, {}),
        prompt: fill(templates.coaching, {
          performance: asData(performance),
          task: text ?? 'Nothing special was asked: look at everything.',
        }),
        schema: coachingSchema,
        problemsOf: (answer) => problemsOfCoaching(answer, performance),
      };
    },
  };
}

/** Proposals about figures that nobody has. */
function problemsOfCoaching({ proposals }: Coaching, { team }: Performance): string[] {
  return proposals
    .filter(({ figure }) => team[figure] === null)
    .map(({ figure }) => `a proposal is about "${figure}", and that figure could not be computed`);
}
