import type { Ending, TaskOutcome } from '../../domain/outcome.ts';
import type { Project } from '../../domain/project.ts';
import { outcomeOfProject } from '../../domain/project-report.ts';
import type { Task } from '../../domain/task.ts';
import type { Writer } from '../../store/store.ts';
import type { RunTaskNeeds } from '../run-task/needs.ts';
import { eventsOf } from '../run-task/recorded.ts';
import { reportOf } from './report.ts';

/** Saves the end of a project, whatever ended it, with a report of what its tasks came to. */
export async function finishProject(
  task: Task,
  project: Project,
  ending: Ending,
  own: TaskOutcome,
  needs: RunTaskNeeds,
  writer: Writer,
): Promise<Task> {
  const { store } = needs;
  const told = (await eventsOf(store, task.id)).find((event) => event.type === 'project.finished');
  const report = told?.type === 'project.finished' ? told.report : await reportOf(task, project, ending, needs);
  const outcomes = await Promise.all((await store.tasks.ofProject(task.id)).map(({ id }) => store.tasks.outcome(id)));
  const outcome = outcomeOfProject(
    report,
    outcomes.filter((one) => one !== undefined),
    own,
  );
  return store.tasks.advance(writer, { kind: 'finished', status: ending.status, project }, [
    { key: 'project-finished', news: { type: 'project.finished', taskId: task.id, projectId: task.id, report } },
    { key: 'finished', news: { type: 'task.finished', taskId: task.id, outcome } },
  ]);
}
