import { randomUUID } from 'node:crypto';
import { permissionChoices as choices, type Wanted } from '../../domain/permission.ts';
import type { Task } from '../../domain/task.ts';
import type { ResumedState } from '../../domain/task-state.ts';
import type { RunTaskNeeds, StepContext } from './needs.ts';

const idLength = 8;

/** Saves what an agent wants permission for; the task waits as a row, and its session goes on with the decision. */
export async function askPermission(
  { id: taskId }: Task,
  { permission, text }: Wanted,
  resume: ResumedState,
  { store }: RunTaskNeeds,
  { writer }: StepContext,
): Promise<Task> {
  const questionId = randomUUID().replaceAll('-', '').slice(0, idLength);
  const kind = 'permission';
  return store.tasks.ask(writer, { id: questionId, taskId, kind, text, choices }, resume, [
    { news: { type: 'question.asked', taskId, questionId, kind, text, choices, permission } },
    { news: { type: 'task.waiting', taskId, reason: 'the agent wants permission', questionId } },
  ]);
}
