import type { Evaluation } from './answers/planning.ts';
import { isBlocking } from './answers/review.ts';
import {
  type CheckedPhaseReview,
  type Coordinating,
  moved,
  type Position,
  type Project,
  withPhase,
} from './project.ts';
import { beginNext } from './project-planning.ts';

/* One phase, attempt by attempt: what follows its assignment, its development, its review and its evaluation. */

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
