import { type AskingPosition, moved, type Project, planOf } from '../../domain/project.ts';
import { afterPlan, afterRevision } from '../../domain/project-planning.ts';
import type { Task } from '../../domain/task.ts';
import { askAgent } from '../run-task/ask-agent.ts';
import { contextFor } from '../run-task/context-for.ts';
import type { RunTaskNeeds, StepContext } from '../run-task/needs.ts';
import { plannedNews } from './begin.ts';
import { type Came, movedTo, type Put } from './came.ts';
import { challenge, settle } from './challenge.ts';
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
      return challenge(task, project, needs, context);
    case 'settle':
      return settle(task, project, at, needs, context);
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
