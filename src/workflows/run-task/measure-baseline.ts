import type { Task, TaskStep } from '../../domain/task.ts';
import { remember } from '../../domain/test-comparison.ts';
import { LeaseLost } from '../../store/store.ts';
import { type RunTaskNeeds, type StepContext, StepInterrupted } from './needs.ts';
import { newsOfRuns, outputOfRuns } from './test-news.ts';

/** The round before the first. */
export const baselineRound = 0;

/** Runs the tests that are there before anything is changed, so that later red is known to be new or old. */
export async function measureBaseline(
  task: Task,
  { analysis }: TaskStep & { readonly kind: 'measure' },
  { store, workspaces, verification, stops }: RunTaskNeeds,
  { writer, signal }: StepContext,
): Promise<Task> {
  const report = await workspaces.verify(task.workspace, task.id, 'everything', verification, signal);
  if (signal.reason === 'lease-lost') throw new LeaseLost(task.id);
  if (signal.reason === 'shutdown') throw new StepInterrupted(task.id);
  // Cut short it proves nothing, and the task ends in any case.
  if (signal.aborted || stops.isRequested(task.id)) return task;
  await store.tests.keep(writer, baselineRound, remember(report));
  await store.tasks.append(writer, [], outputOfRuns(report, baselineRound, writer));
  const news = newsOfRuns(report, task, baselineRound).map(({ key, news }) => ({
    ...(key === undefined ? {} : { key }),
    news: news.type === 'tests.ran' ? { ...news, baseline: true as const } : news,
  }));
  return store.tasks.advance(writer, { kind: 'analysed', analysis, baseline: 'done' }, news);
}
