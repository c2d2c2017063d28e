import type { AnsweredCall } from '../../domain/asked-person.ts';
import type { Decision } from '../../domain/permission.ts';
import type { Task } from '../../domain/task.ts';
import type { EngineSession } from '../../engine/engine.ts';
import type { RunTaskNeeds } from './needs.ts';

/** Starts the coding agent for a task, recorded or not, with the instructions of its agent and of its workspace. */
export async function prepareSession(
  task: Pick<Task, 'id' | 'agent' | 'workspace' | 'model' | 'sessionId' | 'night' | 'project'>,
  begin: 'new' | 'resume',
  {
    mayAsk,
    answered,
    decided,
  }: { readonly mayAsk: boolean; readonly answered?: AnsweredCall; readonly decided?: readonly Decision[] },
  { engine, workspaces, roster, tools }: Pick<RunTaskNeeds, 'engine' | 'workspaces' | 'roster' | 'tools'>,
): Promise<EngineSession> {
  const [instructions, mount] = await Promise.all([
    workspaces.instructions(task.workspace),
    tools.server.mount(tools.of(task)),
  ]);
  const session = engine.prepare({
    sessionId: task.sessionId,
    begin,
    workspace: task.workspace,
    model: task.model,
    tools: 'work',
    mayAsk,
    ...(answered ? { answered } : {}),
    ...(decided ? { decided } : {}),
    ownTools: mount,
    instructions: roster[task.agent]?.instructions(instructions) ?? '',
    taskId: task.id,
    agent: task.agent,
    ...(task.project === undefined ? {} : { project: task.project }),
    ...(task.night === undefined ? {} : { night: task.night.name }),
  });
  return {
    async *run(prompt, signal) {
      try {
        yield* session.run(prompt, signal);
      } finally {
        await mount.unmount();
      }
    },
    async discard() {
      await Promise.all([session.discard(), mount.unmount()]);
    },
  };
}
