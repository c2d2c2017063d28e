import { type AskingPosition, moved, type Project, planOf } from '../../domain/project.ts';
import { afterChallenges, afterPlan, afterSettlement } from '../../domain/project-planning.ts';
import type { Task } from '../../domain/task.ts';
import type { RunTaskNeeds, StepContext } from '../run-task/needs.ts';
import { type Came, movedTo } from './came.ts';
import { requestInTalk } from './plan-talk.ts';

/** The creative innovator says in the conversation about the plan what it would do in another way. */
export async function challenge(
  task: Task,
  project: Project,
  needs: RunTaskNeeds,
  context: StepContext,
): Promise<Came> {
  const request = { kind: 'challenge', task: task.text, plan: planOf(project) } as const;
  const came = await requestInTalk(task, project, 'creative-innovator', request, needs, context);
  if (came.kind === 'decided') return changedBy(project, came.words);
  // A challenge is an offer: a plan that nobody could challenge is the plan.
  if (came.kind === 'unusable') return movedTo(afterPlan(project));
  if (came.kind !== 'answered') return came;
  const { challenges } = came.answer;
  return movedTo(afterChallenges(project, challenges), {
    key: `challenged-${project.revision}`,
    news: { type: 'plan.challenged', taskId: task.id, projectId: task.id, challenges },
  });
}

/** The decision maker rules there on what was challenged. */
export async function settle(
  task: Task,
  project: Project,
  at: AskingPosition & { readonly kind: 'settle' },
  needs: RunTaskNeeds,
  context: StepContext,
): Promise<Came> {
  const { challenges } = at;
  const request = { kind: 'settle', task: task.text, plan: planOf(project), challenges } as const;
  const came = await requestInTalk(task, project, 'decision-maker', request, needs, context);
  if (came.kind === 'decided') return changedBy(project, came.words);
  if (came.kind === 'unusable') return movedTo(afterPlan(project));
  if (came.kind !== 'answered') return came;
  const rulings = challenges.map((_, index) => {
    const ruling = came.answer.rulings.find(({ number }) => number === index + 1);
    return { accepted: ruling?.accepted ?? false, reason: ruling?.reason ?? '' };
  });
  return movedTo(afterSettlement(project, at, came.answer), {
    key: `settled-${project.revision}`,
    news: { type: 'plan.settled', taskId: task.id, projectId: task.id, rulings },
  });
}

/** A person who was asked how the conversation goes on said what is to be done. */
function changedBy(project: Project, words: string): Came {
  return movedTo(moved(project, { kind: 'revise', changes: [words], by: 'settlement' }));
}
