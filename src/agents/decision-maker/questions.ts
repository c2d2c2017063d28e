import { type Decision, decisionSchema, problemsOfDecision } from '../../domain/answers/decision.ts';
import { type Challenge, type Plan, type Settlement, settlementSchema } from '../../domain/answers/planning.ts';
import type { Inquiry } from '../../domain/message-request.ts';
import { asData, problemsOfNumbers } from '../data.ts';
import type { AgentQuestion } from '../question.ts';
import { orInquiry, type Setting, settingFor } from '../requested.ts';
import { fill } from '../template.ts';
import type { DecisionMakerTemplates } from './definition.ts';

/** What the decision maker is asked. */
export function decisionMakerQuestions(templates: DecisionMakerTemplates) {
  const question = {
    agent: 'decision-maker',
    means: 'thinking',
    instructions: fill(templates.instructions, {}),
  } as const;
  return {
    decide(text: string, context: string): AgentQuestion<Decision> {
      const prompt = fill(templates.decision, { task: text, context: context === '' ? 'nothing is known' : context });
      return { ...question, prompt, schema: decisionSchema, problemsOf: problemsOfDecision };
    },

    /** One ruling for each challenge; they are counted from 1. */
    settle(
      { plan, challenges }: { readonly plan: Plan; readonly challenges: readonly Challenge[] },
      setting: Setting,
    ): AgentQuestion<Settlement | Inquiry> {
      const numbered = challenges.map((challenge, index) => ({ number: index + 1, ...challenge }));
      return {
        ...question,
        prompt: fill(templates.settlement, {
          plan: asData(plan),
          challenges: asData(numbered),
          ...settingFor(setting),
        }),
        schema: orInquiry(settlementSchema, setting),
        problemsOf: (answer) =>
          answer.kind === 'inquiry'
            ? []
            : problemsOfNumbers(
                answer.rulings.map(({ number }) => number),
                challenges.length,
                'challenge',
              ),
      };
    },
  };
}
