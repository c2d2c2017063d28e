import type { TaskId } from '../domain/identifiers.ts';
import type { Question } from '../domain/question.ts';
import { isAnswered, projectOf } from '../domain/task.ts';
import type { ProjectTaskReport, Report, TaskReport } from '../spiral/reports.ts';
import type { HeldLease, Store, TaskSummary } from '../store/store.ts';

/** As many tasks as a report of one night looks at. */
const mostTasks = 1000;

export type ReportNeeds = {
  /** Whether a living process drives a task under this lease. */
  readonly isDriven: (lease: HeldLease | undefined) => boolean;
};

/** Tasks as lists show them. */
export async function taskReports(
  tasks: readonly TaskSummary[],
  store: Store,
  { isDriven }: ReportNeeds,
): Promise<TaskReport[]> {
  const questions = tasks.some(waitsForAnswer) ? await store.questions.open() : [];
  return Promise.all(
    tasks.map(async ({ lease, ...task }) => {
      const driven = isDriven(lease);
      const outcome = task.state.kind === 'finished' ? await store.tasks.outcome(task.id) : undefined;
      const answered = outcome && isAnswered(task) ? await store.tasks.answer(task.id) : undefined;
      const question = questionOf(task, questions);
      const trouble = driven && task.state.kind === 'working' ? await troubleOf(task.id, store) : undefined;
      return {
        ...task,
        driven,
        ...(question ? { question } : {}),
        ...(trouble === undefined ? {} : { trouble }),
        ...(outcome ? { outcome } : {}),
        ...(answered ? { answered } : {}),
      };
    }),
  );
}

/** Projects as lists show them, each with the tasks of it. */
export async function projectReports(
  tasks: readonly TaskSummary[],
  store: Store,
  needs: ReportNeeds,
): Promise<ProjectTaskReport[]> {
  const reports = await taskReports(tasks, store, needs);
  const all = await Promise.all(
    reports.map(async (report) => {
      const project = projectOf(report);
      return project ? [{ ...report, project, tasks: await tasksOf(report.id, store, needs) }] : [];
    }),
  );
  return all.flat();
}

async function tasksOf(id: TaskId, store: Store, needs: ReportNeeds): Promise<TaskReport[]> {
  return taskReports(await store.tasks.ofProject(id), store, needs);
}

/** What happened since a moment. */
export async function reportSince(since: Date, store: Store, needs: ReportNeeds): Promise<Report> {
  const [tasks, costs] = await Promise.all([store.tasks.list(mostTasks), store.budgets.costs('agent', since)]);
  const touched = tasks.filter(({ finishedAt }) => finishedAt === undefined || finishedAt >= since);
  const reports = await taskReports(touched, store, needs);
  const byEnd = (one: TaskReport, other: TaskReport) => Number(one.finishedAt ?? 0) - Number(other.finishedAt ?? 0);
  const unfinished = reports.filter(({ finishedAt }) => finishedAt === undefined);
  return {
    since,
    finished: reports.filter(({ finishedAt }) => finishedAt !== undefined).sort(byEnd),
    waiting: unfinished.filter(({ question }) => question !== undefined),
    open: unfinished.filter(({ question }) => question === undefined),
    usd: costs.reduce((sum, { usd }) => sum + usd, 0),
    prompts: reports.reduce((sum, { promptsUsed }) => sum + promptsUsed, 0),
  };
}

function waitsForAnswer({ state }: TaskSummary): boolean {
  return state.kind === 'waiting' && state.for.kind === 'answer';
}

/** A project waits for the question of a task of it. */
function questionOf({ state }: TaskSummary, questions: readonly Question[]): Question | undefined {
  if (state.kind !== 'waiting' || state.for.kind !== 'answer') return undefined;
  const { questionId } = state.for;
  return questions.find(({ id }) => id === questionId);
}

/** The last thing that was heard of a running round, when that was trouble. */
async function troubleOf(taskId: TaskId, store: Store): Promise<string | undefined> {
  const last = await store.events.newest(taskId);
  return last?.type === 'progress' && last.by === 'engine' ? last.text : undefined;
}
