import { moved, type Position, type Project } from '../../domain/project.ts';
import { afterReview } from '../../domain/project-phase.ts';
import type { Task } from '../../domain/task.ts';
import { withoutInvented } from '../run-task/answer-task.ts';
import type { RunTaskNeeds } from '../run-task/needs.ts';
import { type Came, movedTo, type Put } from './came.ts';
import { developmentOf } from './development.ts';
import { phaseOf } from './phase-news.ts';

/** Quality assurance reads what was built, beside our own test run and the diff. */
export async function review(
  task: Task,
  project: Project,
  at: Position & { readonly kind: 'review' },
  needs: RunTaskNeeds,
  ask: Put,
): Promise<Came> {
  const { phase, tasks: attempts } = phaseOf(project, at.phase);
  const { outcome, tests, diff } = await developmentOf(task, at.taskId, needs);
  const question = needs.team.qualityAssurance.reviewPhase({ title: project.title, phase, outcome, tests, diff });
  const asked = await ask('phase-review', question);
  if (asked.kind === 'unusable') {
    const reason = `quality assurance could not be asked about "${phase.name}": ${asked.reason}`;
    return movedTo(moved(project, { kind: 'escalate', phase: at.phase, reason, findings: asked.reason }));
  }
  if (asked.kind !== 'answered') return asked;
  const checked = await withoutInvented(asked.answer, task, needs);
  const { verdict, reason, findings, dropped } = checked;
  return movedTo(afterReview(project, at, checked), {
    key: `reviewed-${at.taskId}`,
    news: {
      type: 'phase.reviewed',
      taskId: task.id,
      projectId: task.id,
      phase: phase.name,
      attempt: attempts.length,
      verdict,
      reason,
      findings,
      dropped,
    },
  });
}
