import type { News, SpiralEvent } from '../../domain/event.ts';
import type { Task, TaskState, TaskStep } from '../../domain/task.ts';
import type { EngineEvent, EngineSession, RoundEnding } from '../../engine/engine.ts';
import { type KeyedNews, LeaseLost } from '../../store/store.ts';
import { type RunTaskNeeds, type StepContext, StepInterrupted, type StopReason } from './needs.ts';
import { eventsOf } from './recorded.ts';
import { recordOf } from './round-record.ts';

type Work = TaskStep & { readonly kind: 'work' };
type Finished = EngineEvent & { readonly kind: 'finished' };

/** Asks for one round of Claude Code, records what it does while it does it, and afterwards what changed by git. */
export async function workRound(task: Task, step: Work, needs: RunTaskNeeds, context: StepContext): Promise<Task> {
  const { store, workspaces } = needs;
  const { round } = step;
  const before = await eventsOf(store, task.id);
  // Told before in an attempt that was ended: then the session exists and goes on.
  const interrupted = before.some((event) => event.type === 'engine.started' && event.round === round);
  await workspaces.snapshot(task.workspace, task.id, `${round}-before`);

  const limit = timeLimit(task.roundTimeoutSeconds, context.signal);
  let finished: Finished;
  try {
    finished = await ask(task, step, interrupted, needs, { ...context, signal: limit.signal });
    if (finished.ending.kind === 'session-lost') {
      await note(
        needs,
        context,
        task,
        `${round}-lost-${context.writer.attempt}`,
        'The session is gone; the round begins anew',
      );
      finished = await ask(task, step, 'anew', needs, { ...context, signal: limit.signal });
    }
  } finally {
    limit.clear();
  }

  const stopped: StopReason | undefined = limit.signal.aborted ? limit.signal.reason : undefined;
  if (stopped === 'lease-lost') throw new LeaseLost(task.id);
  if (stopped === 'shutdown') throw new StepInterrupted(task.id);

  const after = `${round}-after-${context.writer.attempt}`;
  await workspaces.snapshot(task.workspace, task.id, after);
  const changes = await workspaces.changes(task.workspace, task.id, `${round}-before`, after);
  const news: KeyedNews[] = [
    { key: `${round}-engine-finished`, news: engineFinished(task, round, finished, before, stopped) },
    ...changes.map((change) => ({
      key: `${round}-file-${change.path}`,
      news: { type: 'file.changed', taskId: task.id, ...change } as const,
    })),
  ];
  return store.tasks.advance(context.writer, stateAfter(task, step, finished.ending, stopped), news);
}

async function ask(
  task: Task,
  { analysis, round, because }: Work,
  going: boolean | 'anew',
  needs: RunTaskNeeds,
  context: StepContext,
): Promise<Finished> {
  const agent = needs.roster[task.agent];
  if (!agent) throw new Error(`no agent stands behind the role ${task.agent}`);
  const asked = because.kind === 'mend' ? agent.mendPrompt(because.failures) : agent.firstPrompt(task.text, analysis);
  const resumed = going === true;
  // A round that begins anew in a later round than the first has lost what went before: it is told the task again.
  const prompt = resumed
    ? agent.resumePrompt(asked)
    : going === 'anew' && round > 1
      ? `${agent.firstPrompt(task.text, analysis)}\n\n${asked}`
      : asked;
  const begin = going !== 'anew' && (resumed || round > 1 || task.continues !== undefined) ? 'resume' : 'new';
  const session =
    (begin === 'new' && going === false ? context.takePrepared() : undefined) ?? (await prepare(task, begin, needs));
  return listen(session, prompt, task, round, resumed, needs, context);
}

async function prepare(task: Task, begin: 'new' | 'resume', needs: RunTaskNeeds): Promise<EngineSession> {
  const instructions = await needs.workspaces.instructions(task.workspace);
  return needs.engine.prepare({
    sessionId: task.sessionId,
    begin,
    workspace: task.workspace,
    model: task.model,
    instructions: needs.roster[task.agent]?.instructions(instructions) ?? '',
    purpose: `task ${task.id}`,
  });
}

/** Records every event of a round as it comes. When recording fails the engine is ended first. */
async function listen(
  session: EngineSession,
  prompt: string,
  task: Task,
  round: number,
  resumed: boolean,
  { store }: RunTaskNeeds,
  { writer, signal }: StepContext,
): Promise<Finished> {
  let finished: Finished | undefined;
  for await (const event of session.run(prompt, signal)) {
    if (event.kind === 'finished') {
      finished = event;
      continue;
    }
    const record = recordOf(event, { taskId: task.id, sessionId: task.sessionId, round, resumed });
    const key = event.kind === 'started' ? `${round}-started-${writer.attempt}` : `${round}-${event.kind}-${event.key}`;
    await store.tasks.append(
      writer,
      record.news.map((news, index) => ({ key: index === 0 ? key : `${key}-${index}`, news })),
      record.output.map((piece) => ({ ...piece, round, key })),
    );
  }
  if (!finished) throw new Error('the engine ended a round without saying so');
  return finished;
}

function engineFinished(
  task: Task,
  round: number,
  { ending, session, turns, durationMs }: Finished,
  before: readonly SpiralEvent[],
  stopped: StopReason | undefined,
): News {
  const told = before.filter((event) => event.type === 'engine.finished');
  // The engine tells totals of its session; what earlier rounds told of it is taken off. A round that was cut may tell 0.
  const sinceThen = (total: number, earlier: (event: (typeof told)[number]) => number) =>
    Math.max(0, Math.round((total - told.reduce((sum, event) => sum + earlier(event), 0)) * 1e6) / 1e6);
  const error =
    stopped ?? (ending.kind === 'completed' ? undefined : 'message' in ending ? ending.message : ending.kind);
  return {
    type: 'engine.finished',
    taskId: task.id,
    sessionId: task.sessionId,
    round,
    turns,
    costUsd: sinceThen(session.costUsd, (event) => event.costUsd),
    inputTokens: sinceThen(session.inputTokens, (event) => event.inputTokens),
    outputTokens: sinceThen(session.outputTokens, (event) => event.outputTokens),
    durationMs,
    ...(error === undefined ? {} : { error }),
  };
}

function stateAfter(
  task: Task,
  { analysis, round }: Work,
  ending: RoundEnding,
  stopped: StopReason | undefined,
): TaskState {
  if (stopped === 'timed-out') {
    return ended('timed-out', `round ${round} took longer than ${task.roundTimeoutSeconds} s`);
  }
  if (stopped === 'cancelled') return ended('cancelled', 'cancelled by a person');
  switch (ending.kind) {
    case 'completed':
      return { kind: 'worked', analysis, round };
    case 'aborted':
      return ended('failed', 'Claude Code stopped before it was done');
    case 'session-lost':
    case 'refused-key':
    case 'failed':
      return ended('failed', ending.message);
  }
}

function ended(status: 'timed-out' | 'cancelled' | 'failed', reason: string): TaskState {
  return { kind: 'ended', ending: { status, verified: false, reason } };
}

async function note({ store }: RunTaskNeeds, { writer }: StepContext, task: Task, key: string, text: string) {
  await store.tasks.append(writer, [{ key, news: { type: 'progress', taskId: task.id, text, by: 'spiral' } }]);
}

/** A signal that follows `outer` and aborts with `timed-out` when the round has had its time. */
function timeLimit(seconds: number, outer: AbortSignal): { readonly signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const reason: StopReason = 'timed-out';
  const timer = setTimeout(() => controller.abort(reason), seconds * 1000);
  return { signal: AbortSignal.any([outer, controller.signal]), clear: () => clearTimeout(timer) };
}
