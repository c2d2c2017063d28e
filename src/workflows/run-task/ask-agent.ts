import { type AgentQuestion, shapeOf } from '../../agents/question.ts';
import type { AgentRole } from '../../domain/agent.ts';
import type { Shortage } from '../../domain/budget.ts';
import { sentenceOf } from '../../domain/budget.ts';
import type { News, QuestionName } from '../../domain/event.ts';
import { budgetProjectOf, type Task } from '../../domain/task.ts';
import type { ResumedState, TaskState } from '../../domain/task-state.ts';
import type { EngineEvent } from '../../engine/engine.ts';
import type { LlmEnding, LlmQuestion } from '../../llm/llm.ts';
import { type KeyedNews, LeaseLost } from '../../store/store.ts';
import { atLimit } from './at-limit.ts';
import { type RunTaskNeeds, type StepContext, StepInterrupted, type StopReason } from './needs.ts';
import { eventsOf } from './recorded.ts';
import { recordOf } from './round-record.ts';
import { holdRound } from './unmetered.ts';
import { waitForSlot } from './wait-for-slot.ts';

/** What came of a question to an agent. */
export type Asked<Answer> =
  | { readonly kind: 'answered'; readonly answer: Answer }
  /** The agent gave no answer that can be used, however often it was asked. */
  | { readonly kind: 'unusable'; readonly reason: string }
  /** The question could not be asked: the model API does not answer, or refuses. */
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'short'; readonly shortage: Shortage }
  | { readonly kind: 'paused'; readonly until: Date; readonly message: string }
  | { readonly kind: 'stopped'; readonly reason: Exclude<StopReason, 'lease-lost' | 'shutdown'> };

/**
 * Spends the prompt of a question and saves that it is paid, in one transaction, before anything is asked.
 *
 * @param paid the state in which the question is asked; found there again, it is asked without a second prompt
 * @param resume where the task goes on once a limit has room again
 */
export async function payPrompt(
  task: Task,
  agent: AgentRole,
  paid: TaskState,
  resume: ResumedState,
  needs: RunTaskNeeds,
  context: StepContext,
): Promise<Task> {
  const { id: taskId, promptLimit: limit } = task;
  const spent = (await eventsOf(needs.store, taskId)).filter(({ type }) => type === 'prompt.spent').length;
  const round = spent + 1;
  const news = { type: 'prompt.spent', taskId, agent, round, used: round, limit } as const;
  const asking = { ...task, agent, ...projectOfBudget(task) };
  const start = await needs.store.tasks.beginRound(
    context.writer,
    paid,
    [{ key: `${round}-prompt`, news }],
    needs.budget.limitsOf(asking),
  );
  return start.kind === 'begun' ? start.task : atLimit(task, start.shortage, resume, needs, context);
}

/** Asks an agent, tells of it while it goes on, and gives back what came of it. Throws `LeaseLost` and `StepInterrupted`. */
export async function askAgent<Answer>(
  task: Task,
  name: QuestionName,
  question: AgentQuestion<Answer>,
  needs: RunTaskNeeds,
  context: StepContext,
): Promise<Asked<Answer>> {
  if (question.means === 'thinking') return askAtOnce(task, name, question, needs, context);
  // Whoever reads does so in a live session of Claude Code.
  const place = await waitForSlot(task, `${context.writer.attempt}-${name}`, question.agent, needs, context);
  if (place.kind === 'stopped') return place;
  try {
    return await askAtOnce(task, name, question, needs, context);
  } finally {
    await place.slot.release();
  }
}

async function askAtOnce<Answer>(
  task: Task,
  name: QuestionName,
  question: AgentQuestion<Answer>,
  needs: RunTaskNeeds,
  context: StepContext,
): Promise<Asked<Answer>> {
  const { store, llm, reader, now } = needs;
  const { writer } = context;
  const { agent } = question;
  const asking = { ...task, agent, ...projectOfBudget(task) };
  const told = await eventsOf(store, task.id);
  const round = told.filter(({ type }) => type === 'prompt.spent').length;
  const start = `${round}-${writer.attempt}-${told.length}`;
  const tell = telling(task, `${start}-notice`, needs, context);
  const held = isMetered(question, needs) ? undefined : await holdRound(asking, needs);
  if (held?.kind === 'short') return held;
  await tell.news({ type: 'agent.asked', taskId: task.id, agent, question: name }, `${start}-asked`);
  const begun = now();
  const limit = limited(task.roundTimeoutSeconds, context.signal);
  const wish: LlmQuestion<Answer> = {
    taskId: task.id,
    agent,
    ...(task.night === undefined ? {} : { night: task.night.name }),
    ...projectOfBudget(task),
    model: task.model,
    instructions: question.instructions,
    prompt: question.prompt,
    shape: shapeOf(question),
    tell: (line) => tell.heard({ kind: 'notice', key: '', line }),
  };
  let ending: LlmEnding<Answer>;
  try {
    ending =
      question.means === 'reading'
        ? await reader.read({ ...wish, workspace: task.workspace }, limit.signal, tell.heard)
        : await llm.ask(wish, limit.signal);
  } finally {
    limit.clear();
    await tell.over();
  }
  await held?.book({ ...ending.cost, costUsd: ending.cost.usd });
  const error = errorOf(ending);
  await tell.news(
    {
      type: 'agent.answered',
      taskId: task.id,
      agent,
      question: name,
      durationMs: Math.max(0, now() - begun),
      askedAgain: ending.kind === 'unusable' || (ending.kind === 'answered' && ending.askedAgain),
      ...(error === undefined ? {} : { error }),
    },
    `${start}-answered`,
  );
  return cameOf(task, ending, limit.signal, needs);
}

function cameOf<Answer>(
  task: Task,
  ending: LlmEnding<Answer>,
  signal: AbortSignal,
  { stops }: RunTaskNeeds,
): Asked<Answer> {
  const stopped: StopReason | undefined = signal.aborted
    ? signal.reason
    : stops.isRequested(task.id)
      ? 'cancelled'
      : undefined;
  if (stopped === 'lease-lost') throw new LeaseLost(task.id);
  if (stopped === 'shutdown') throw new StepInterrupted(task.id);
  if (ending.kind === 'answered') return ending;
  if (stopped !== undefined) return { kind: 'stopped', reason: stopped };
  switch (ending.kind) {
    case 'unusable':
      return { kind: 'unusable', reason: errorOf(ending) ?? '' };
    case 'out-of-budget':
      return { kind: 'short', shortage: ending.shortage };
    case 'paused':
      return ending;
    case 'aborted':
      return { kind: 'failed', reason: 'it was broken off' };
    case 'failed':
      return { kind: 'failed', reason: ending.message };
  }
}

function errorOf(ending: LlmEnding<unknown>): string | undefined {
  switch (ending.kind) {
    case 'answered':
      return undefined;
    case 'unusable':
      return `no usable answer: ${ending.problems.slice(0, 5).join('; ')}`;
    case 'out-of-budget':
      return sentenceOf(ending.shortage);
    case 'aborted':
      return 'broken off';
    case 'paused':
    case 'failed':
      return ending.message;
  }
}

function isMetered({ means }: Pick<AgentQuestion<unknown>, 'means'>, { llm, reader }: RunTaskNeeds): boolean {
  return means === 'reading' ? reader.isMetered : llm.isMetered;
}

function projectOfBudget(task: Task): Pick<Task, 'project'> {
  const project = budgetProjectOf(task);
  return project === undefined ? {} : { project };
}

/** Records what is told while somebody waits, in order, and gives up at the first failure: the lease tells of it. */
function telling(task: Task, key: string, { store }: RunTaskNeeds, { writer }: StepContext) {
  let last: Promise<unknown> = Promise.resolve();
  let count = 0;
  const append = (news: readonly KeyedNews[]) => store.tasks.append(writer, news);
  return {
    async news(news: News, of: string): Promise<void> {
      await append([{ key: of, news }]);
    },
    heard(event: EngineEvent): void {
      if (event.kind === 'finished' || event.kind === 'started' || isAnswer(event)) return;
      const where = { taskId: task.id, sessionId: task.sessionId, round: 0, resumed: false };
      count += 1;
      const keyed = recordOf(event, where).news.map((news) => ({ key: `${key}-${count}`, news }));
      last = last.then(() => append(keyed));
      last.catch(() => undefined); // `over` tells.
    },
    async over(): Promise<void> {
      await last;
    },
  };
}

/** What it says at last is the answer itself, which is told in another form. */
function isAnswer(event: EngineEvent): boolean {
  return event.kind === 'said' && /^\s*(?:\{|```)/.test(event.text);
}

/** A signal that follows `outer` and aborts with `timed-out` when the question has had its time. */
function limited(seconds: number, outer: AbortSignal): { readonly signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const reason: StopReason = 'timed-out';
  const timer = setTimeout(() => controller.abort(reason), seconds * 1000);
  return { signal: AbortSignal.any([outer, controller.signal]), clear: () => clearTimeout(timer) };
}
