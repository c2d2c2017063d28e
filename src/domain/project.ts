import * as z from 'zod';
import type { AgentRole } from './agent.ts';
import {
  challengesSchema,
  type Evaluation,
  type Plan,
  phaseSchema,
  planSchema,
  type Settlement,
} from './answers/planning.ts';
import { isBlocking, phaseReviewSchema } from './answers/review.ts';
import { inOrder } from './plan.ts';

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

export type ProjectStep =
  /** Spends the prompt of the question that is asked next. */
  | { readonly kind: 'pay'; readonly agent: AgentRole }
  | { readonly kind: 'ask'; readonly at: AskingPosition }
  /** Asks a person: to confirm the plan, what to do about a phase, or whether to try again. */
  | { readonly kind: 'ask-human'; readonly about: 'plan' | 'phase' | 'trouble' }
  /** Makes the developer's task. */
  | { readonly kind: 'assign'; readonly at: Position & { readonly kind: 'assign' } }
  /** Sees the developer's task to its end. */
  | { readonly kind: 'develop'; readonly at: Position & { readonly kind: 'develop' } };

/** The one place that decides what happens to a project next. */
export function nextProjectStep({ at, isPaid, blocked }: Coordinating): ProjectStep {
  if (blocked !== undefined) return { kind: 'ask-human', about: 'trouble' };
  switch (at.kind) {
    case 'assign':
      return { kind: 'assign', at };
    case 'develop':
      return { kind: 'develop', at };
    case 'approve':
      return { kind: 'ask-human', about: 'plan' };
    case 'escalate':
      return { kind: 'ask-human', about: 'phase' };
    case 'challenge':
    case 'settle':
    case 'revise':
    case 'review':
    case 'evaluate':
    case 'close':
      return isPaid ? { kind: 'ask', at } : { kind: 'pay', agent: askedAgent(at) };
  }
}

function askedAgent({ kind }: AskingPosition): AgentRole {
  switch (kind) {
    case 'challenge':
      return 'creative-innovator';
    case 'settle':
      return 'decision-maker';
    case 'review':
      return 'quality-assurance';
    case 'revise':
    case 'evaluate':
    case 'close':
      return 'project-manager';
  }
}

/** A project as it begins, from a plan without problems. */
export function beginProject(
  plan: Plan,
  { attempts, isApprovalNeeded }: { readonly attempts: number; readonly isApprovalNeeded: boolean },
): Coordinating {
  const project = { title: plan.title, revision: 1, isApprovalNeeded, phases: recordsOf(plan, attempts) };
  return moved(project, { kind: 'challenge' });
}

function recordsOf(plan: Plan, allowed: number): PhaseRecord[] {
  const phases = inOrder(plan.phases);
  if (!phases) throw new Error('a plan whose dependencies go in a circle is no project');
  return phases.map((phase) => ({ phase, status: 'open', tasks: [], allowed }));
}

/** The plan that a project follows, as its agents are told it. */
export function planOf({ title, phases }: Project): Plan {
  return planSchema.parse({ kind: 'plan', title, phases: phases.map(({ phase }) => phase) });
}

/** After the innovator's challenges, or without any. */
export function afterChallenges(
  project: Project,
  challenges: z.infer<typeof challengesSchema>['challenges'],
): Coordinating {
  return challenges.length === 0 ? afterPlan(project) : moved(project, { kind: 'settle', challenges });
}

export function afterSettlement(
  project: Project,
  at: Position & { readonly kind: 'settle' },
  settlement: Settlement,
): Coordinating {
  const changes = at.challenges.flatMap(({ about, challenge, instead }, index) => {
    const ruling = settlement.rulings.find(({ number }) => number === index + 1);
    return ruling?.accepted ? [`${about}: ${challenge} Instead: ${instead} (${ruling.reason})`] : [];
  });
  return changes.length === 0 ? afterPlan(project) : moved(project, { kind: 'revise', changes, by: 'settlement' });
}

export function afterRevision(project: Project, plan: Plan): Coordinating {
  const attempts = project.phases[0]?.allowed ?? 1;
  return afterPlan({
    ...project,
    title: plan.title,
    revision: project.revision + 1,
    phases: recordsOf(plan, attempts),
  });
}

/** After a plan that nobody wants to change any more but, perhaps, a person. */
export function afterPlan(project: Project): Coordinating {
  return project.isApprovalNeeded ? moved(project, { kind: 'approve' }) : beginNext(project);
}

/** The next phase that is open, or the end. */
export function beginNext(project: Project): Coordinating {
  const phase = project.phases.findIndex(({ status }) => status === 'open');
  return moved(project, phase === -1 ? { kind: 'close' } : { kind: 'assign', phase, because: { kind: 'first' } });
}

export function afterAssignment(
  project: Project,
  { phase }: Position & { readonly kind: 'assign' },
  taskId: string,
): Coordinating {
  const changed = withPhase(project, phase, (record) => ({ ...record, tasks: [...record.tasks, taskId] }));
  return moved(changed, { kind: 'develop', phase, taskId });
}

/** How the developer's task of an attempt ended. */
export type Development = {
  readonly status: 'succeeded' | 'failed' | 'timed-out' | 'cancelled' | 'out-of-budget';
  readonly reason?: string;
};

export function afterDevelopment(
  project: Project,
  { phase, taskId }: Position & { readonly kind: 'develop' },
  { status, reason }: Development,
): Coordinating {
  const why = `the developer's task ended as ${status}${reason === undefined ? '' : `: ${reason}`}`;
  switch (status) {
    case 'succeeded':
      return moved(project, { kind: 'review', phase, taskId });
    case 'failed':
    case 'timed-out':
      return refineOrEscalate(project, phase, why);
    case 'cancelled':
    case 'out-of-budget':
      return moved(project, { kind: 'escalate', phase, reason: why, findings: why });
  }
}

export function afterReview(
  project: Project,
  { phase, taskId }: Position & { readonly kind: 'review' },
  review: CheckedPhaseReview,
): Coordinating {
  return moved(project, { kind: 'evaluate', phase, taskId, review });
}

/**
 * @param unmet criteria that were looked at by us and are not met, whatever anybody says
 */
export function afterEvaluation(
  project: Project,
  { phase, review }: Position & { readonly kind: 'evaluate' },
  evaluation: Evaluation,
  unmet: readonly string[],
): Coordinating {
  const objections = objectionsTo(review, evaluation, unmet);
  if (objections.length === 0) return beginNext(withPhase(project, phase, (record) => ({ ...record, status: 'done' })));
  return refineOrEscalate(project, phase, objections.join('\n'));
}

/** Everything for which a phase is not done: what was observed, what quality assurance found, what the project manager misses. */
export function objectionsTo(review: CheckedPhaseReview, evaluation: Evaluation, unmet: readonly string[]): string[] {
  const findings = review.findings
    .filter((finding) => review.verdict === 'rejected' || isBlocking(finding))
    .map(
      ({ severity, title, place, detail, recommendation }) =>
        `- ${severity}: ${title}${place === '' ? '' : ` (${place})`}. ${detail} ${recommendation}`,
    );
  const rejection = review.verdict === 'rejected' ? [`Quality assurance: ${review.reason}`, ...findings] : findings;
  const missed = evaluation.criteria.filter(({ met }) => !met).map(({ evidence }) => `- not met: ${evidence}`);
  const refinement = evaluation.isDone || evaluation.refinement === '' ? [] : [evaluation.refinement];
  const undone =
    evaluation.isDone || missed.length + refinement.length > 0 ? [] : ['The project manager does not take it as done.'];
  return [
    ...unmet.map((criterion) => `- looked at, and not met: ${criterion}`),
    ...rejection,
    ...missed,
    ...refinement,
    ...undone,
  ];
}

/** The next attempt in the same session, or, when there were enough, a question to a person. */
function refineOrEscalate(project: Project, phase: number, findings: string): Coordinating {
  const record = project.phases[phase];
  if (!record) throw new Error(`there is no phase ${phase}`);
  if (record.tasks.length < record.allowed)
    return moved(project, { kind: 'assign', phase, because: { kind: 'refine', findings } });
  const reason = `"${record.phase.name}" was tried ${record.tasks.length} times and is not accepted`;
  return moved(project, { kind: 'escalate', phase, reason, findings });
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
