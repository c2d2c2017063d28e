import { randomUUID } from 'node:crypto';
import type { SessionId } from '../../domain/identifiers.ts';
import type { Task } from '../../domain/task.ts';
import { afterToolAssignment } from '../../domain/tool-step.ts';
import type { AttemptAtTool, Tooling } from '../../domain/tool-work.ts';
import { taskIdOf } from '../coordinate-project/assign.ts';
import type { RunTaskNeeds, StepContext } from '../run-task/needs.ts';
import { acceptanceOf, type CheckedTask } from '../submit-task.ts';
import { orderOf } from './order.ts';
import { requestFor } from './request-for.ts';
import { advancedNews } from './tool-news.ts';

/** Makes the developer's task of an attempt, together with the state that names it. All attempts share a session. */
export async function assignTool(
  task: Task,
  { build }: Tooling,
  because: AttemptAtTool,
  { store, toolbox, newTaskId }: RunTaskNeeds,
  { writer }: StepContext,
): Promise<Task> {
  const request = await requestFor(build.requestId, store);
  const served = await store.tools.get(build.name);
  if (served && because.kind === 'first') {
    const files = await store.tools.files(build.name, served.manifest.version);
    if (files) await toolbox.layOut(task.workspace, files);
  }
  const [firstId] = build.attempts;
  const first = firstId === undefined ? undefined : await store.tasks.get(taskIdOf(firstId));
  const id = newTaskId();
  const assigned: CheckedTask = {
    id,
    text: orderOf(request, build, because, served?.manifest.version),
    agent: 'developer',
    origin: task.origin,
    workspace: task.workspace,
    machine: task.machine,
    model: task.model,
    sessionId: first?.sessionId ?? (randomUUID() as SessionId),
    promptLimit: task.promptLimit,
    roundTimeoutSeconds: task.roundTimeoutSeconds,
    project: task.id,
    toolRequest: request.id,
    ...(first ? { continues: first.id } : {}),
    ...(task.night ? { night: task.night } : {}),
  };
  const next = afterToolAssignment(build, id);
  return store.tasks.assign(writer, next, assigned, [
    { news: acceptanceOf(assigned) },
    ...advancedNews(task, next, id),
  ]);
}
