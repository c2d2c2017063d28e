import type { Plan } from '../../domain/answers/planning.ts';
import type { Project } from '../../domain/project.ts';
import { beginProject } from '../../domain/project-planning.ts';
import type { Task } from '../../domain/task.ts';
import type { KeyedNews } from '../../store/store.ts';
import type { RunTaskNeeds, StepContext } from '../run-task/needs.ts';

/** Makes a task of the project manager the project that it planned. */
export async function begin(task: Task, plan: Plan, needs: RunTaskNeeds, { writer }: StepContext): Promise<Task> {
  const { store, workspaces, attempts } = needs;
  // A worktree has the history of its repository.
  if (!task.repository) await workspaces.histories.begin(task.workspace);
  const state = beginProject(plan, { attempts, isApprovalNeeded: task.wish?.approvePlan ?? false });
  return store.tasks.advance(writer, state, [plannedNews(task, state.project)]);
}

/** Each revision of the plan is told once. */
export function plannedNews({ id }: Pick<Task, 'id'>, { title, revision, phases }: Project): KeyedNews {
  return {
    key: `planned-${revision}`,
    news: {
      type: 'project.planned',
      taskId: id,
      projectId: id,
      title,
      revision,
      phases: phases.map(({ phase }) => phase),
    },
  };
}
