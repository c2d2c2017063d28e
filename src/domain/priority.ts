import * as z from 'zod';

/** How urgent something is, by its score: critical from 81, high from 49, medium from 25, else lower. */
const bands = ['critical', 'high', 'medium', 'lower'] as const;

export const priorityScoreSchema = z.object({ score: z.number().int().min(1).max(100), band: z.enum(bands) });

export type PriorityBand = (typeof bands)[number];

export type PriorityScore = z.infer<typeof priorityScoreSchema>;

/** Importance times urgency, each 1..10: arithmetic, no model's opinion. */
export function scorePriority(importance: number, urgency: number): PriorityScore {
  for (const value of [importance, urgency]) {
    if (!Number.isInteger(value) || value < 1 || value > 10)
      throw new RangeError(`${value} is no whole number from 1 to 10`);
  }
  const score = importance * urgency;
  return { score, band: bandOf(score) };
}

function bandOf(score: number): PriorityBand {
  if (score >= 81) return 'critical';
  if (score >= 49) return 'high';
  return score >= 25 ? 'medium' : 'lower';
}
