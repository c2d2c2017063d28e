import type { Coordinating, Position } from '../../domain/project.ts';
import { afterDevelopment } from '../../domain/project-phase.ts';
import type { Task } from '../../domain/task.ts';
import type { RunTaskNeeds, StepContext } from '../run-task/needs.ts';
import { seeToEnd } from '../run-task/see-to-end.ts';
import { taskIdOf } from './assign.ts';

type Developing = Position & { readonly kind: 'develop' };

/** Sees the developer's task of an attempt to its end. */
export async function develop(
  task: Task,
  state: Coordinating,
  at: Developing,
  needs: RunTaskNeeds,
  context: StepContext,
): Promise<Task> {
  const seen = await seeToEnd(task, taskIdOf(at.taskId), state, needs, context);
  if (seen.kind === 'stands') return seen.task;
  return needs.store.tasks.advance(context.writer, afterDevelopment(state.project, at, seen.outcome), []);
}
