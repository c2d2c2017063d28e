import * as z from 'zod';
import { line, lines } from './parts.ts';

/** What a phase must come to, and how that is found out. `subject` is the path for `file`, and empty otherwise. */
export const criterionSchema = z.object({
  criterion: line,
  /** `tests`: by our own test run; `file`: it is there and not empty; `review`: by reading. */
  checkedBy: z.enum(['tests', 'file', 'review']),
  subject: z.string().trim().max(500),
});

export const phaseSchema = z.object({
  name: line,
  goal: line,
  /** What the developer is asked for. */
  task: line,
  criteria: z.array(criterionSchema).min(1).max(12),
  /** Names of phases that must be done before. */
  dependsOn: z.array(line).max(20),
});

export const planSchema = z.object({ kind: z.literal('plan'), title: line, phases: z.array(phaseSchema) });

export type Plan = z.infer<typeof planSchema>;
export type PlannedPhase = z.infer<typeof phaseSchema>;
export type Criterion = z.infer<typeof criterionSchema>;

export const challengesSchema = z.object({
  kind: z.literal('challenges'),
  challenges: z.array(z.object({ about: line, challenge: line, instead: line })).max(8),
});

export type Challenges = z.infer<typeof challengesSchema>;
export type Challenge = Challenges['challenges'][number];

/** One ruling for each challenge, in its order. */
export const settlementSchema = z.object({
  kind: z.literal('settlement'),
  rulings: z.array(z.object({ number: z.number().int().min(1), accepted: z.boolean(), reason: line })).max(8),
});

export type Settlement = z.infer<typeof settlementSchema>;

/** The project manager's judgement of a phase, criterion by criterion, in their order. */
export const evaluationSchema = z.object({
  kind: z.literal('evaluation'),
  criteria: z.array(z.object({ number: z.number().int().min(1), met: z.boolean(), evidence: line })).max(12),
  isDone: z.boolean(),
  /** What is to be done next when it is not; empty when it is. */
  refinement: z.string().trim().max(4000),
});

export type Evaluation = z.infer<typeof evaluationSchema>;

/** An opinion at the end: what to look after before it is used. */
export const closingSchema = z.object({ kind: z.literal('closing'), recommendations: lines(1, 10) });

export type Closing = z.infer<typeof closingSchema>;
