import type { SpiralEvent } from '../../domain/event.ts';
import type { TaskId } from '../../domain/identifiers.ts';
import type { Permission } from '../../domain/permission.ts';
import type { Question } from '../../domain/question.ts';
import type { ToolCard } from '../../domain/tool-card.ts';
import type { ToolRequest } from '../../domain/tool-request.ts';
import type { Spiral } from '../../spiral.ts';

/** What a card shows beyond its question; all of it can be missing, and the question alone is still a card. */
export type QuestionContext = {
  /** What the task was asked for. */
  readonly taskText?: string;
  /** Of a `tool-request`: what is asked for, and what the project manager says about it. */
  readonly request?: ToolRequest;
  readonly card?: ToolCard;
  /** Of a `permission`: what is wanted. */
  readonly permission?: Permission;
};

type Source = Pick<Spiral, 'events' | 'findTasks' | 'findToolRequests' | 'toolRequests'>;

const page = 1_000;
const latestRequests = 200;

/** @param upTo the event that it is looked at after; what was told later belongs to other questions */
export async function contextOf(
  question: Question,
  spiral: Source,
  upTo = Number.MAX_SAFE_INTEGER,
): Promise<QuestionContext> {
  const [task] = (await spiral.findTasks(question.taskId)).filter(({ id }) => id === question.taskId);
  const about = task ? { taskText: task.text } : {};
  switch (question.kind) {
    case 'tool-request':
      return { ...about, ...(await requestAndCard(question.taskId, spiral, upTo)) };
    case 'permission':
      return { ...about, ...(await wantedBy(question, spiral, upTo)) };
    case 'grant':
    case 'allocation':
    case 'plan':
    case 'question':
    case 'adoption':
    case 'retirement':
      return about;
  }
}

async function requestAndCard(
  workTask: TaskId,
  spiral: Source,
  upTo: number,
): Promise<Pick<QuestionContext, 'request' | 'card'>> {
  const assessed = await latest(
    workTask,
    (event) => (event.type === 'tool-request.assessed' ? event : undefined),
    spiral,
    upTo,
  );
  const found = assessed
    ? await spiral.findToolRequests(assessed.requestId)
    : await spiral.toolRequests(latestRequests);
  const request = found.find((one) => one.workTask === workTask);
  return { ...(request ? { request } : {}), ...(assessed ? { card: assessed.card } : {}) };
}

async function wantedBy(
  { id, taskId }: Question,
  spiral: Source,
  upTo: number,
): Promise<Pick<QuestionContext, 'permission'>> {
  const permission = await latest(
    taskId,
    (event) => (event.type === 'question.asked' && event.questionId === id ? event.permission : undefined),
    spiral,
    upTo,
  );
  return permission ? { permission } : {};
}

/** What the latest event of a task tells that tells it at all. */
async function latest<Told>(
  taskId: TaskId,
  tells: (event: SpiralEvent) => Told | undefined,
  spiral: Pick<Spiral, 'events'>,
  upTo: number,
): Promise<Told | undefined> {
  let last: Told | undefined;
  let after = 0;
  for (;;) {
    const events = await spiral.events({ after, taskId }, page);
    for (const event of events) if (event.id <= upTo) last = tells(event) ?? last;
    const newest = events.at(-1);
    if (!newest || events.length < page || newest.id >= upTo) return last;
    after = newest.id;
  }
}
