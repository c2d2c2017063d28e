import { randomUUID } from 'node:crypto';
import type { SessionId, TaskId } from '../../domain/identifiers.ts';
import type { AttemptReason, PhaseRecord, Position, Project } from '../../domain/project.ts';
import { afterAssignment } from '../../domain/project-phase.ts';
import type { Task } from '../../domain/task.ts';
import type { RunTaskNeeds, StepContext } from '../run-task/needs.ts';
import { acceptanceOf, type CheckedTask } from '../submit-task.ts';
import { phaseOf, skippedNews } from './phase-news.ts';

type Assigning = Position & { readonly kind: 'assign' };

/** Makes the developer's task of an attempt, together with the state that names it. Attempts of one phase share a session. */
export async function assign(
  task: Task,
  project: Project,
  at: Assigning,
  { store, newTaskId }: RunTaskNeeds,
  { writer }: StepContext,
): Promise<Task> {
  const record = phaseOf(project, at.phase);
  const id = newTaskId();
  const first = record.tasks[0] === undefined ? undefined : await store.tasks.get(taskIdOf(record.tasks[0]));
  const assigned: CheckedTask = {
    id,
    text: orderOf(record, at.because, project.title),
    agent: 'developer',
    origin: task.origin,
    workspace: task.workspace,
    machine: task.machine,
    model: task.model,
    sessionId: first?.sessionId ?? newSessionId(),
    promptLimit: task.promptLimit,
    roundTimeoutSeconds: task.roundTimeoutSeconds,
    project: task.id,
    ...(first ? { continues: first.id } : {}),
    ...(task.repository ? { repository: task.repository } : {}),
    ...(task.night ? { night: task.night } : {}),
  };
  const { id: projectId } = task;
  return store.tasks.assign(writer, afterAssignment(project, at, id), assigned, [
    ...skippedNews(task, project),
    { news: acceptanceOf(assigned) },
    {
      key: `phase-${at.phase}-${record.tasks.length + 1}`,
      news: {
        type: 'phase.started',
        taskId: projectId,
        projectId,
        phase: record.phase.name,
        number: at.phase + 1,
        of: project.phases.length,
        attempt: record.tasks.length + 1,
        developmentTask: id,
      },
    },
  ]);
}

/** What the developer is asked for: the phase, what it must come to, and what was found in the attempt before. */
function orderOf({ phase }: PhaseRecord, because: AttemptReason, title: string): string {
  const criteria = phase.criteria.map(({ criterion, checkedBy, subject }) =>
    checkedBy === 'file' ? `- ${criterion} (file: ${subject})` : `- ${criterion}`,
  );
  const order = `${phase.name}: ${phase.task}\n\nIt is a phase of “${title}”. Its goal: ${phase.goal}\nIt is done when:\n${criteria.join('\n')}`;
  switch (because.kind) {
    case 'first':
      return order;
    case 'refine':
      return `${order}\n\nIt was worked on before and is not accepted yet. What was found:\n${because.findings}`;
    case 'changed':
      return `${order}\n\nIt was worked on before and is not accepted yet. A person says: ${because.words}\nWhat was found:\n${because.findings}`;
  }
}

function newSessionId(): SessionId {
  return randomUUID() as SessionId;
}

export function taskIdOf(value: string): TaskId {
  return value as TaskId; // Written by `assign` and by nobody else.
}
