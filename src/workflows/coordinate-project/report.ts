import type { Ending, TaskOutcome } from '../../domain/outcome.ts';
import type { Project } from '../../domain/project.ts';
import { type ProjectReport, projectReportOf } from '../../domain/project-report.ts';
import type { Task } from '../../domain/task.ts';
import type { RunTaskNeeds } from '../run-task/needs.ts';
import { eventsOf } from '../run-task/recorded.ts';

/** What a project came to so far, from what was recorded of it and of its tasks. */
export async function reportOf(
  task: Task,
  project: Project,
  ending: Ending,
  { store, now }: Pick<RunTaskNeeds, 'store' | 'now'>,
): Promise<ProjectReport> {
  const tasks = await store.tasks.ofProject(task.id);
  const outcomes = new Map<string, TaskOutcome>();
  for (const { id } of tasks) {
    const outcome = await store.tasks.outcome(id);
    if (outcome) outcomes.set(id, outcome);
  }
  const own = await store.tasks.get(task.id);
  const prompts = (await eventsOf(store, task.id)).filter(({ type }) => type === 'prompt.spent').length;
  return projectReportOf(project, ending, outcomes, {
    costUsd: sum([own?.costUsd ?? 0, ...tasks.map(({ costUsd }) => costUsd)]),
    promptsUsed: sum([prompts, ...tasks.map(({ promptsUsed }) => promptsUsed)]),
    durationMs: Math.max(0, now() - task.createdAt.getTime()),
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
