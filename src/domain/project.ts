import * as z from 'zod';
import { challengesSchema, type Plan, phaseSchema, planSchema } from './answers/planning.ts';
import { phaseReviewSchema } from './answers/review.ts';

/*
 * A project is what a task of the project manager becomes when there is something to build. Its id is that of the task;
 * each attempt at a phase is a task of the developer.
 */

const phaseRecordSchema = z.object({
  phase: phaseSchema,
  status: z.enum(['open', 'done', 'skipped']),
  /** Tasks of the developer, oldest first; all of one phase work in one session. */
  tasks: z.array(z.string()),
  /** How many attempts it may have. */
  allowed: z.number().int().positive(),
  /** The commit that holds it. */
  commit: z.string().exactOptional(),
});

export const projectSchema = z.object({
  title: z.string(),
  /** Of the plan, from 1; a person confirms exactly one. */
  revision: z.number().int().positive(),
  /** Whether a person must confirm the plan before anything is built. */
  isApprovalNeeded: z.boolean(),
  phases: z.array(phaseRecordSchema),
});

/** Why an attempt at a phase is made. */
const reasonSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('first') }),
  /** What was found in the attempt before. */
  z.object({ kind: z.literal('refine'), findings: z.string() }),
  /** What a person said about it. */
  z.object({ kind: z.literal('changed'), words: z.string(), findings: z.string() }),
]);

const checkedReview = phaseReviewSchema.extend({ dropped: z.number().int().min(0) });
const index = z.number().int().min(0);

/** Where a project stands. */
const positionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('challenge') }),
  z.object({ kind: z.literal('settle'), challenges: challengesSchema.shape.challenges }),
  z.object({ kind: z.literal('revise'), changes: z.array(z.string()).min(1), by: z.enum(['settlement', 'human']) }),
  z.object({ kind: z.literal('approve') }),
  z.object({ kind: z.literal('assign'), phase: index, because: reasonSchema }),
  z.object({ kind: z.literal('develop'), phase: index, taskId: z.string() }),
  z.object({ kind: z.literal('review'), phase: index, taskId: z.string() }),
  z.object({ kind: z.literal('evaluate'), phase: index, taskId: z.string(), review: checkedReview }),
  z.object({ kind: z.literal('escalate'), phase: index, reason: z.string(), findings: z.string() }),
  z.object({ kind: z.literal('close') }),
]);

export const coordinatingSchema = z.object({
  kind: z.literal('coordinating'),
  project: projectSchema,
  at: positionSchema,
  /** Whether the prompt of the question that is asked here was spent: found here again, it is asked without a second one. */
  isPaid: z.boolean(),
  /** Why the question could not be asked; a person says whether it is tried again. */
  blocked: z.string().exactOptional(),
});

export type Project = z.infer<typeof projectSchema>;
export type PhaseRecord = z.infer<typeof phaseRecordSchema>;
export type Position = z.infer<typeof positionSchema>;
export type AttemptReason = z.infer<typeof reasonSchema>;
export type Coordinating = z.infer<typeof coordinatingSchema>;
export type CheckedPhaseReview = z.infer<typeof checkedReview>;
export type AskingPosition = Position & {
  readonly kind: 'challenge' | 'settle' | 'revise' | 'review' | 'evaluate' | 'close';
};

/** The plan that a project follows, as its agents are told it. */
export function planOf({ title, phases }: Project): Plan {
  return planSchema.parse({ kind: 'plan', title, phases: phases.map(({ phase }) => phase) });
}

/** A question that cannot be answered for now; the project waits for a person. */
export function blockedBy(coordinating: Coordinating, reason: string): Coordinating {
  return { ...coordinating, blocked: reason };
}

export function moved(project: Project, at: Position): Coordinating {
  return { kind: 'coordinating', project, at, isPaid: false };
}

export function withPhase(project: Project, phase: number, change: (record: PhaseRecord) => PhaseRecord): Project {
  return { ...project, phases: project.phases.map((record, index) => (index === phase ? change(record) : record)) };
}
