import * as z from 'zod';
import { performanceSchema } from '../performance.ts';
import { alternativesSchema } from './alternatives.ts';
import { strategicAnalysisSchema } from './analysis.ts';
import { coachingSchema } from './coaching.ts';
import { prioritisedDecisionSchema } from './decision.ts';
import { planSchema } from './planning.ts';
import { reviewSchema, risksSchema, testCasesSchema } from './review.ts';

/** What an agent that answers, instead of building, was asked for and gave: the result of its task. */
export const answerSchema = z.discriminatedUnion('kind', [
  strategicAnalysisSchema,
  prioritisedDecisionSchema,
  alternativesSchema,
  reviewSchema.extend({ dropped: z.number().int().min(0) }),
  risksSchema,
  testCasesSchema,
  coachingSchema.extend({ performance: performanceSchema }),
  planSchema,
]);

export type AgentAnswer = z.infer<typeof answerSchema>;
