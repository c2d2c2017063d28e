import type { TaskId } from '../domain/identifiers.ts';
import type { Question } from '../domain/question.ts';
import type { Report, TaskReport } from '../spiral.ts';
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
      const question = questionOf(task.id, questions);
      const trouble = driven && task.state.kind === 'working' ? await troubleOf(task.id, store) : undefined;
      return {
        ...task,
        driven,
        ...(question ? { question } : {}),
        ...(trouble === undefined ? {} : { trouble }),
        ...(outcome ? { outcome } : {}),
      };
    }),
  );
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

function questionOf(taskId: TaskId, questions: readonly Question[]): Question | undefined {
  return questions.find((question) => question.taskId === taskId);
}

/** The last thing that was heard of a running round, when that was trouble. */
async function troubleOf(taskId: TaskId, store: Store): Promise<string | undefined> {
  const last = await store.events.newest(taskId);
  return last?.type === 'progress' && last.by === 'engine' ? last.text : undefined;
}
