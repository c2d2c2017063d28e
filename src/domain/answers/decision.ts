import * as z from 'zod';
import { priorityScoreSchema, scorePriority } from '../priority.ts';
import { line, lines, score } from './parts.ts';

/** The decision maker's choice, with everything that it was weighed by. */
export const decisionSchema = z.object({
  kind: z.literal('decision'),
  criteria: z
    .array(z.object({ name: line, weight: score }))
    .min(1)
    .max(10),
  options: z
    .array(
      z.object({
        name: line,
        scores: z
          .array(z.object({ criterion: line, score }))
          .min(1)
          .max(10),
      }),
    )
    .min(2)
    .max(8),
  /** The name of one of the options. */
  decision: line,
  /** 0..1 */
  confidence: z.number().min(0).max(1),
  reason: line,
  wouldChangeIt: lines(1, 8),
  /** Of the matter that is decided: how much depends on it, and how soon it must be. */
  importance: score,
  urgency: score,
});

export type Decision = z.infer<typeof decisionSchema>;

/** A decision with the priority of its matter. Decisions that were recorded before there was one have none. */
export const prioritisedDecisionSchema = decisionSchema.extend({ priority: priorityScoreSchema.exactOptional() });

export type PrioritisedDecision = z.infer<typeof prioritisedDecisionSchema>;

/** With the priority computed: arithmetic, not the model's word. */
export function prioritised(decision: Decision): PrioritisedDecision {
  return { ...decision, priority: scorePriority(decision.importance, decision.urgency) };
}

export type WeighedOption = { readonly name: string /** 1..10, by the weights. */; readonly total: number };

/** The options with the mean of their scores by weight, best first: arithmetic, not the model's word. */
export function weighed({ criteria, options }: Pick<Decision, 'criteria' | 'options'>): WeighedOption[] {
  const all = criteria.reduce((sum, { weight }) => sum + weight, 0);
  return options
    .map(({ name, scores }) => {
      const sum = criteria.reduce((total, { name: criterion, weight }) => {
        const given = scores.find((one) => one.criterion === criterion);
        return total + weight * (given?.score ?? 0);
      }, 0);
      return { name, total: Math.round((sum / all) * 100) / 100 };
    })
    .toSorted((one, other) => other.total - one.total);
}

/** What contradicts itself in a decision. */
export function problemsOfDecision(decision: Decision): string[] {
  const criteria = new Set(decision.criteria.map(({ name }) => name));
  const problems: string[] = [];
  if (criteria.size < decision.criteria.length) problems.push('two criteria have the same name');
  if (new Set(decision.options.map(({ name }) => name)).size < decision.options.length)
    problems.push('two options have the same name');
  for (const { name, scores } of decision.options) {
    const scored = new Set(scores.map(({ criterion }) => criterion));
    if (scored.size < scores.length) problems.push(`option "${name}" is scored twice by one criterion`);
    for (const one of scored)
      if (!criteria.has(one)) problems.push(`option "${name}" is scored by "${one}", which is no criterion`);
    for (const one of criteria) if (!scored.has(one)) problems.push(`option "${name}" is not scored by "${one}"`);
  }
  if (!decision.options.some(({ name }) => name === decision.decision))
    problems.push(`"${decision.decision}" is decided for, and is not one of the options`);
  return problems;
}
