import * as z from 'zod';
import type { AgentRole } from './agent.ts';
import type { Analysis } from './analysis.ts';
import type { Origin } from './event.ts';
import type { MachineId, SessionId, TaskId } from './identifiers.ts';
import type { Ending, TaskStatus } from './outcome.ts';
import { maxIterations } from './strategy.ts';

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
  z.object({ kind: z.literal('failed'), failures: z.string() }),
  z.object({ kind: z.literal('no-tests'), reason: z.string() }),
  z.object({ kind: z.literal('not-run'), reason: z.string() }),
]);

const endingSchema = z.object({
  status: z.enum(['succeeded', 'failed', 'cancelled', 'timed-out', 'out-of-budget']),
  verified: z.boolean(),
  reason: z.string().exactOptional(),
}) satisfies z.ZodType<Ending>;

/**
 * Where a task stands; saved after every step, read again by whoever takes the task over.
 *
 * `working` is saved before Claude Code is asked, together with the prompt that was spent: found there again, a round is
 * resumed in its session and costs no second prompt.
 */
export const taskStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('accepted') }),
  z.object({ kind: z.literal('analysed'), analysis: analysisSchema }),
  z.object({
    kind: z.literal('working'),
    analysis: analysisSchema,
    round: z.number().int().positive(),
    because: reasonSchema,
  }),
  z.object({ kind: z.literal('worked'), analysis: analysisSchema, round: z.number().int().positive() }),
  z.object({
    kind: z.literal('verified'),
    analysis: analysisSchema,
    round: z.number().int().positive(),
    verdict: verdictSchema,
  }),
  z.object({ kind: z.literal('ended'), ending: endingSchema }),
  z.object({ kind: z.literal('finished'), status: endingSchema.shape.status }),
]);

export type TaskState = z.infer<typeof taskStateSchema>;
export type RoundReason = z.infer<typeof reasonSchema>;

export type Task = {
  readonly id: TaskId;
  readonly text: string;
  readonly agent: AgentRole;
  readonly origin: Origin;
  /** Absolute, after symlinks. */
  readonly workspace: string;
  readonly machine: MachineId;
  readonly model: string;
  readonly sessionId: SessionId;
  readonly promptLimit: number;
  /** Wall-clock time of each round of Claude Code; waiting for a human never counts. */
  readonly roundTimeoutSeconds: number;
  readonly continues?: TaskId;
  readonly state: TaskState;
  /** A person asked for the end; whoever drives the task ends it as cancelled. */
  readonly cancelRequested: boolean;
  /** Raised whenever somebody takes the task over; a write that carries an older one is refused. */
  readonly attempt: number;
  readonly createdAt: Date;
};

export type TaskStep =
  | { readonly kind: 'analyse' }
  | { readonly kind: 'begin-round'; readonly analysis: Analysis; readonly round: number; readonly because: RoundReason }
  | { readonly kind: 'work'; readonly analysis: Analysis; readonly round: number; readonly because: RoundReason }
  | { readonly kind: 'verify'; readonly analysis: Analysis; readonly round: number }
  | { readonly kind: 'finish'; readonly ending: Ending };

/** The one place that decides what happens to a task next; undefined when it is over. */
export function nextStep(task: Pick<Task, 'state' | 'cancelRequested' | 'promptLimit'>): TaskStep | undefined {
  const { state } = task;
  if (state.kind === 'finished') return undefined;
  if (state.kind === 'ended') return { kind: 'finish', ending: state.ending };
  if (task.cancelRequested) return finish('cancelled', false, 'cancelled by a person');
  switch (state.kind) {
    case 'accepted':
      return { kind: 'analyse' };
    case 'analysed':
      return { kind: 'begin-round', analysis: state.analysis, round: 1, because: { kind: 'first' } };
    case 'working':
      return { kind: 'work', analysis: state.analysis, round: state.round, because: state.because };
    case 'worked':
      return { kind: 'verify', analysis: state.analysis, round: state.round };
    case 'verified':
      return afterVerdict(state, task.promptLimit);
  }
}

function afterVerdict(state: TaskState & { kind: 'verified' }, promptLimit: number): TaskStep {
  const { analysis, round, verdict } = state;
  if (verdict.kind === 'passed') return finish('succeeded', true);
  if (verdict.kind !== 'failed') return finish('succeeded', false, verdict.reason);
  if (round >= maxIterations(analysis.strategy)) {
    return finish('failed', false, `tests still fail after ${round} rounds`);
  }
  if (round >= promptLimit) {
    return finish('out-of-budget', false, `tests fail and all ${promptLimit} prompts are used`);
  }
  return { kind: 'begin-round', analysis, round: round + 1, because: { kind: 'mend', failures: verdict.failures } };
}

function finish(status: TaskStatus, verified: boolean, reason?: string): TaskStep {
  return { kind: 'finish', ending: { status, verified, ...(reason === undefined ? {} : { reason }) } };
}
