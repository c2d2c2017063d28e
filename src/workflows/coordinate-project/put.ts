import { type AskingPosition, moved, type Project, planOf } from '../../domain/project.ts';
import { afterChallenges, afterPlan, afterRevision, afterSettlement } from '../../domain/project-planning.ts';
import type { Task } from '../../domain/task.ts';
import { askAgent } from '../run-task/ask-agent.ts';
import { contextFor } from '../run-task/context-for.ts';
import type { RunTaskNeeds, StepContext } from '../run-task/needs.ts';
import { plannedNews } from './begin.ts';
import { type Came, movedTo, type Put } from './came.ts';
import { close } from './close.ts';
import { evaluate } from './evaluate.ts';
import { review } from './review.ts';

/** Asks what a project asks at this position, and says where it goes on. */
export async function put(
  task: Task,
  project: Project,
  at: AskingPosition,
  needs: RunTaskNeeds,
  context: StepContext,
): Promise<Came> {
  const ask: Put = (name, question) => askAgent(task, name, question, needs, context);
  switch (at.kind) {
    case 'challenge':
      return challenge(task, project, needs, ask);
    case 'settle':
      return settle(task, project, at, needs, ask);
    case 'revise':
      return revise(task, project, at, needs, ask);
    case 'review':
      return review(task, project, at, needs, ask);
    case 'evaluate':
      return evaluate(task, project, at, needs, ask);
    case 'close':
      return close(task, project, needs, ask);
  }
}

async function challenge(task: Task, project: Project, { team }: RunTaskNeeds, ask: Put): Promise<Came> {
  const asked = await ask(
    'challenge',
    team.creativeInnovator.challengePlan({ text: task.text, plan: planOf(project) }),
  );
  // A challenge is an offer: a plan that nobody could challenge is the plan.
  if (asked.kind === 'unusable') return movedTo(afterPlan(project));
  if (asked.kind !== 'answered') return asked;
  const { challenges } = asked.answer;
  return movedTo(afterChallenges(project, challenges), {
    key: 'challenged',
    news: { type: 'plan.challenged', taskId: task.id, projectId: task.id, challenges },
  });
}

async function settle(
  task: Task,
  project: Project,
  at: AskingPosition & { readonly kind: 'settle' },
  { team }: RunTaskNeeds,
  ask: Put,
): Promise<Came> {
  const { challenges } = at;
  const asked = await ask('settlement', team.decisionMaker.settle({ plan: planOf(project), challenges }));
  if (asked.kind === 'unusable') return movedTo(afterPlan(project));
  if (asked.kind !== 'answered') return asked;
  const rulings = challenges.map((_, index) => {
    const ruling = asked.answer.rulings.find(({ number }) => number === index + 1);
    return { accepted: ruling?.accepted ?? false, reason: ruling?.reason ?? '' };
  });
  return movedTo(afterSettlement(project, at, asked.answer), {
    key: 'settled',
    news: { type: 'plan.settled', taskId: task.id, projectId: task.id, rulings },
  });
}

async function revise(
  task: Task,
  project: Project,
  { changes, by }: AskingPosition & { readonly kind: 'revise' },
  needs: RunTaskNeeds,
  ask: Put,
): Promise<Came> {
  const context = await contextFor(task, needs);
  const question = needs.team.projectManager.revisePlan(task.text, planOf(project), changes, context);
  const asked = await ask('revision', question);
  // What a person wanted changed is not passed over: they see the plan as it is, and say again.
  if (asked.kind === 'unusable')
    return movedTo(by === 'human' ? moved(project, { kind: 'approve' }) : afterPlan(project));
  if (asked.kind !== 'answered') return asked;
  const next = afterRevision(project, asked.answer);
  return movedTo(next, plannedNews(task, next.project));
}
