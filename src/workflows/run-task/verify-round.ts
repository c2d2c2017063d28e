import type { SpiralEvent } from '../../domain/event.ts';
import { foldChanges } from '../../domain/file-change.ts';
import type { Task, TaskStep } from '../../domain/task.ts';
import type { TaskState } from '../../domain/task-state.ts';
import { remember, type TestsBefore } from '../../domain/test-comparison.ts';
import { judge, type Memory, missingSince, type TestReport, total } from '../../domain/test-run.ts';
import { type KeyedNews, LeaseLost } from '../../store/store.ts';
import { baselineRound } from './measure-baseline.ts';
import { type RunTaskNeeds, type StepContext, StepInterrupted } from './needs.ts';
import { eventsOf } from './recorded.ts';
import { newsOfRuns, outputOfRuns } from './test-news.ts';

type VerifiedState = TaskState & { readonly kind: 'verified' };

/** Runs the tests that are there, by ourselves, and saves what they proved. */
export async function verifyRound(
  task: Task,
  { analysis, round }: TaskStep & { readonly kind: 'verify' },
  needs: RunTaskNeeds,
  { writer, signal }: StepContext,
): Promise<Task> {
  const { store, workspaces, verification, stops } = needs;
  const events = await eventsOf(store, task.id);
  const changed = foldChanges(events.filter((event) => event.type === 'file.changed'));
  const report = await workspaces.verify(task.workspace, task.id, changed, verification, signal);
  if (signal.reason === 'lease-lost') throw new LeaseLost(task.id);
  if (signal.reason === 'shutdown') throw new StepInterrupted(task.id);
  // Cut short it proves nothing, and what cut it short ends the task.
  if (signal.aborted || stops.isRequested(task.id)) return task;

  const memory = await memoryOf(task, round, needs);
  const verdict = await verdictOf(report, memory, events, round, needs);
  await store.tests.keep(writer, round, remember(report));
  await store.tasks.append(writer, [], outputOfRuns(report, round, writer));
  const state: VerifiedState = { kind: 'verified', analysis, round, verdict };
  return store.tasks.advance(writer, state, [
    ...newsOfRuns(report, task, round),
    ...missingNews(report, memory, task, round),
  ]);
}

/** Told whatever the verdict is: a red round that also deletes tests must not hide that. */
function missingNews(report: TestReport, { baseline, earlier = [] }: Memory, { id }: Task, round: number): KeyedNews[] {
  return missingSince(report, [...(baseline ? [baseline] : []), ...earlier]).map((missing) => ({
    key: `${round}-missing-${missing.how}`,
    news: { type: 'tests.missing', taskId: id, ...missing },
  }));
}

async function memoryOf({ id }: Task, round: number, { store }: RunTaskNeeds): Promise<Memory> {
  const rounds = Array.from({ length: round }, (_, index) => index);
  const [baseline, ...earlier] = await Promise.all(rounds.map((each) => store.tests.of(id, baselineRound + each)));
  return { ...(baseline ? { baseline } : {}), earlier: earlier.filter((tests) => tests !== undefined) };
}

async function verdictOf(
  report: TestReport,
  memory: Memory,
  events: readonly SpiralEvent[],
  round: number,
  { failuresOf }: RunTaskNeeds,
): Promise<VerifiedState['verdict']> {
  const verdict = judge(report, memory);
  switch (verdict.kind) {
    case 'failed': {
      const stalled = isStalled(report, memory.earlier?.at(-1), events, round);
      return { ...verdict, failures: await failuresOf(report), stalled };
    }
    case 'weakened': {
      const { kind, reason } = verdict;
      const told = events.some(({ type }) => type === 'tests.missing');
      const failures = `The tests are green, but ${reason}. Bring them back, unless the task itself asks for their removal; then say so and change nothing.`;
      return { kind, reason, failures, told };
    }
    case 'passed':
    case 'distrusted':
    case 'no-tests':
    case 'not-run':
      return verdict;
  }
}

/** Whether the round changed no file and the same tests fail as after the one before: it will not get any better. */
function isStalled(
  report: TestReport,
  before: TestsBefore | undefined,
  events: readonly SpiralEvent[],
  round: number,
): boolean {
  if (round === 1 || !before) return false;
  const begun = events.findLastIndex((event) => event.type === 'prompt.spent');
  if (events.slice(begun).some((event) => event.type === 'file.changed')) return false;
  return failing(before) === failing(remember(report));
}

function failing({ runs, tests = [] }: TestsBefore): string {
  const names = tests.flatMap(({ name, outcome }) => (outcome === 'failed' ? [name] : []));
  return JSON.stringify([total(runs).failed, names.sort()]);
}
