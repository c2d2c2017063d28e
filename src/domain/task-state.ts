import * as z from 'zod';
import type { Analysis } from './analysis.ts';
import { personCallSchema } from './asked-person.ts';
import type { Ending } from './outcome.ts';
import { coordinatingSchema, projectSchema } from './project.ts';
import { toolingSchema } from './tool-work.ts';

const analysisSchema = z.object({
  complexity: z.enum(['simple', 'medium', 'complex']),
  strategy: z.enum(['simple', 'multi-step', 'iterative']),
  language: z.object({ name: z.string(), confidence: z.number() }),
}) satisfies z.ZodType<Analysis>;

/** Why a round is asked for; `mend` carries what the failing tests printed. */
const reasonSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('first') }),
  z.object({ kind: z.literal('mend'), failures: z.string() }),
]);

const verdictSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('passed') }),
  /** `stalled`: the round changed no file, and the tests fail as they did after the one before. */
  z.object({ kind: z.literal('failed'), failures: z.string(), stalled: z.boolean().default(false) }),
  /**
   * Green, but tests that ran before are gone or skipped now. `told`: the agent was asked before to bring them back; what is
   * still missing is then a person's to judge.
   */
  z.object({ kind: z.literal('weakened'), reason: z.string(), failures: z.string(), told: z.boolean() }),
  /** Green, but there is a reason not to believe what a runner reports. */
  z.object({ kind: z.literal('distrusted'), reason: z.string() }),
  z.object({ kind: z.literal('no-tests'), reason: z.string() }),
  z.object({ kind: z.literal('not-run'), reason: z.string() }),
]);

const endingSchema = z.object({
  status: z.enum(['succeeded', 'failed', 'cancelled', 'timed-out', 'out-of-budget']),
  verified: z.boolean(),
  reason: z.string().exactOptional(),
}) satisfies z.ZodType<Ending>;

/** What a waiting task waits for: an answer of a human, a time (ISO 8601 in UTC), or a tool. */
const waitSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answer'), questionId: z.string() }),
  z.object({ kind: z.literal('time'), until: z.iso.datetime(), reason: z.string() }),
  /** A request for a tool is open. */
  z.object({ kind: z.literal('tool'), requestId: z.string(), name: z.string() }),
]);

const analysedState = z.object({
  kind: z.literal('analysed'),
  analysis: analysisSchema,
  /** Whether the tests that were there before the work are still to be run. */
  baseline: z.enum(['due', 'done']).default('done'),
});
const workingState = z.object({
  kind: z.literal('working'),
  analysis: analysisSchema,
  round: z.number().int().positive(),
  because: reasonSchema,
  /** What the agent asked a person in this round, and, once they said it, their words. */
  call: personCallSchema.extend({ words: z.string().exactOptional() }).exactOptional(),
});
const verifiedState = z.object({
  kind: z.literal('verified'),
  analysis: analysisSchema,
  round: z.number().int().positive(),
  verdict: verdictSchema,
});

/** The prompt was spent, and an agent that answers instead of building is asked. */
const askingState = z.object({ kind: z.literal('asking') });

/** What becomes of a tool that nobody uses; a person says it. */
const retiringState = z.object({
  kind: z.literal('retiring'),
  tool: z.string(),
  /** Since when nobody has used it, ISO 8601 in UTC. */
  unusedSince: z.iso.datetime(),
  /** Absent until they said it. */
  decision: z.enum(['retire', 'keep']).exactOptional(),
});

/** Where a waiting task goes on. */
const resumedSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('accepted') }),
  analysedState,
  workingState,
  verifiedState,
  askingState,
  coordinatingSchema,
  toolingSchema,
  retiringState,
]);

/**
 * Where a task stands; saved after every step, read again by whoever takes the task over.
 *
 * `working` is saved before Claude Code is asked, together with the prompt that was spent: found there again, a round is
 * resumed in its session and costs no second prompt.
 */
export const taskStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('accepted') }),
  analysedState,
  workingState,
  z.object({ kind: z.literal('worked'), analysis: analysisSchema, round: z.number().int().positive() }),
  verifiedState,
  askingState,
  coordinatingSchema,
  toolingSchema,
  retiringState,
  z.object({ kind: z.literal('waiting'), for: waitSchema, resume: resumedSchema }),
  z.object({ kind: z.literal('ended'), ending: endingSchema, project: projectSchema.exactOptional() }),
  z.object({
    kind: z.literal('finished'),
    status: endingSchema.shape.status,
    project: projectSchema.exactOptional(),
  }),
]);

export type TaskState = z.infer<typeof taskStateSchema>;
export type ResumedState = z.infer<typeof resumedSchema>;
export type Retiring = z.infer<typeof retiringState>;
export type Wait = z.infer<typeof waitSchema>;
export type RoundReason = z.infer<typeof reasonSchema>;
