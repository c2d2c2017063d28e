import type { Challenge, Plan, Settlement } from './answers/planning.ts';
import { inOrder } from './plan.ts';
import { type Coordinating, moved, type PhaseRecord, type Position, type Project } from './project.ts';

/* From a plan to the phases that are built: what follows a challenge, a ruling and a revision. */

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

/** After the innovator's challenges, or without any. */
export function afterChallenges(project: Project, challenges: readonly Challenge[]): Coordinating {
  return challenges.length === 0 ? afterPlan(project) : moved(project, { kind: 'settle', challenges: [...challenges] });
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
