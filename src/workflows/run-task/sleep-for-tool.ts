import type { Task } from '../../domain/task.ts';
import type { RoundEnding } from '../../engine/engine.ts';
import { mayFile, newRequest, tooMany } from '../build-tool/new-request.ts';
import type { Work } from './ask-engine.ts';
import type { RunTaskNeeds, StepContext } from './needs.ts';

/** Files the request of an agent that cannot go on without a tool; its task sleeps as a row until the request is closed. */
export async function sleepForTool(
  task: Task,
  { callId, wish }: RoundEnding & { readonly kind: 'requests-tool' },
  { analysis, round, because }: Work,
  needs: RunTaskNeeds,
  { writer }: StepContext,
): Promise<Task> {
  const { store } = needs;
  const questions = [{ question: `The tool ${wish.name}: ${wish.description}`, options: [] }];
  const call = { id: callId, questions, isToolRequest: true as const };
  if (!(await mayFile(task, callId, store))) {
    const resume = { kind: 'working', analysis, round, because, call: { ...call, words: tooMany } } as const;
    return store.tasks.advance(writer, resume, [{ news: { type: 'task.resumed', taskId: task.id, reason: tooMany } }]);
  }
  const { wanted, accepted } = await newRequest(task, wish, callId, true, needs);
  await store.toolRequests.file(wanted, accepted, {
    writer,
    resume: { kind: 'working', analysis, round, because, call },
  });
  const slept = await store.tasks.get(task.id);
  if (!slept) throw new Error(`task ${task.id} is gone`);
  return slept;
}
