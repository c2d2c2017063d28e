import type { PhaseRecord, Project } from '../../domain/project.ts';
import type { Task } from '../../domain/task.ts';
import type { KeyedNews } from '../../store/store.ts';

/** Throws when there is no such phase. */
export function phaseOf(project: Project, phase: number): PhaseRecord {
  const record = project.phases[phase];
  if (!record) throw new Error(`there is no phase ${phase + 1} of ${project.phases.length}`);
  return record;
}

/** A phase is over, told once. */
export function finishedNews(
  { id }: Pick<Task, 'id'>,
  project: Project,
  phase: number,
  status: 'done' | 'skipped',
): KeyedNews {
  const record = phaseOf(project, phase);
  return {
    key: `phase-finished-${phase}`,
    news: {
      type: 'phase.finished',
      taskId: id,
      projectId: id,
      phase: record.phase.name,
      number: phase + 1,
      of: project.phases.length,
      status,
      attempts: record.tasks.length,
      ...(record.commit === undefined ? {} : { commit: record.commit }),
    },
  };
}

/** Phases that a person skipped: they chose where no step runs, and the next step tells of it. */
export function skippedNews(task: Pick<Task, 'id'>, project: Project): KeyedNews[] {
  return project.phases.flatMap(({ status }, phase) =>
    status === 'skipped' ? [finishedNews(task, project, phase, 'skipped')] : [],
  );
}
