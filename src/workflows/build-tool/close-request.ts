import type { Task } from '../../domain/task.ts';
import { sentenceOfOutcome, type ToolRequestOutcome } from '../../domain/tool-request.ts';
import type { Tooling } from '../../domain/tool-work.ts';
import type { RunTaskNeeds, StepContext } from '../run-task/needs.ts';
import { requestFor } from './request-for.ts';
import { advancedNews } from './tool-news.ts';

/** Closes the request: whoever waits for it goes on. Then the work on it is over. */
export async function closeRequest(
  task: Task,
  { build, at }: Tooling,
  outcome: ToolRequestOutcome,
  { store }: RunTaskNeeds,
  { writer }: StepContext,
): Promise<Task> {
  const { id, name } = await requestFor(build.requestId, store);
  await store.toolRequests.close(id, outcome);
  const isBuilt = outcome.kind === 'built';
  const isDecided = outcome.kind === 'alternative' || outcome.kind === 'rejected';
  const ending = {
    status: isBuilt || isDecided ? 'succeeded' : 'failed',
    verified: isBuilt,
    reason: sentenceOfOutcome(name, outcome),
  } as const;
  const news = isDecided ? [] : advancedNews(task, { kind: 'tooling', build, at, isPaid: false });
  return store.tasks.advance(writer, { kind: 'ended', ending }, news);
}
