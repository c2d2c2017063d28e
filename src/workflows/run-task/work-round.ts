import { createHash } from 'node:crypto';
import type { PersonCall } from '../../domain/asked-person.ts';
import type { Shortage } from '../../domain/budget.ts';
import type { SpiralEvent } from '../../domain/event.ts';
import type { Wanted } from '../../domain/permission.ts';
import type { Task } from '../../domain/task.ts';
import type { ResumedState, TaskState } from '../../domain/task-state.ts';
import type { RoundEnding } from '../../engine/engine.ts';
import { type KeyedNews, LeaseLost } from '../../store/store.ts';
import { askEngine, type Finished, type Going, type Work } from './ask-engine.ts';
import { askPermission } from './ask-permission.ts';
import { askPerson } from './ask-person.ts';
import { atLimit } from './at-limit.ts';
import { answeredSinceStart } from './decisions.ts';
import { nightIsOver, pausedUntil } from './endings.ts';
import { type RunTaskNeeds, type StepContext, StepInterrupted, type StopReason } from './needs.ts';
import { eventsOf } from './recorded.ts';
import { beginsAnew, engineFinished, isForPerson } from './session-cost.ts';
import { sleepForTool } from './sleep-for-tool.ts';
import { holdRound } from './unmetered.ts';
import { waitForSlot } from './wait-for-slot.ts';

const longestPathInKey = 500;
/** A round that was begun so often, and of which nothing was heard in between, would be begun for ever. */
const mostVainStarts = 5;
/** A round that ended so often before its end will not come to it. */
const mostCrashes = 20;

/** A limit is reached in the middle of the round; its session can go on. */
type Short = { readonly kind: 'short'; readonly shortage: Shortage };
/** The model API wants a pause; its session can go on after it. */
type Paused = { readonly kind: 'paused'; readonly until: Date; readonly message: string };

/** The agent asks a person; its session goes on with the answer. */
type Asks = { readonly kind: 'asks'; readonly call: PersonCall };
/** The agent lacks a tool; its session goes on when the request is closed. */
type RequestsTool = RoundEnding & { readonly kind: 'requests-tool' };
/** The agent wants what only a person can allow; its session goes on with the decision. */
type WantsPermission = { readonly kind: 'wants-permission'; readonly wanted: Wanted };
/** What a round came to that is not over. */
type Broken = Short | Paused | Asks | RequestsTool | WantsPermission;

/** The names of the states of the workspace that are remembered. */
export const stateBeforeRound = (round: number) => `${round}-before`;
export const stateAfterRound = (round: number) => `${round}-done`;

/** Asks for one round of Claude Code, records what it does while it does it, and afterwards what changed by git. */
export async function workRound(task: Task, step: Work, needs: RunTaskNeeds, context: StepContext): Promise<Task> {
  const { store, workspaces } = needs;
  const { writer } = context;
  const { round } = step;
  const before = await eventsOf(store, task.id);
  await workspaces.snapshot(task.workspace, task.id, stateBeforeRound(round));
  const came = cameToItsEnd(before, round)
    ? ({ kind: 'worked', analysis: step.analysis, round } as const)
    : (tooManyStarts(before, round) ?? (await ask(task, step, before, needs, context)));

  // A round that goes on later has a state of its own each time; the one that it ends with is compared with the first.
  const isOver = came.kind === 'worked' || came.kind === 'ended';
  const after = isOver ? stateAfterRound(round) : `${round}-after-${writer.attempt}-${before.length}`;
  await workspaces.snapshot(task.workspace, task.id, after);
  const changes = await workspaces.changes(task.workspace, task.id, stateBeforeRound(round), after);
  const news = changes.map(
    (change): KeyedNews => ({
      key: `${round}-file-${shortened(change.path)}`,
      news: { type: 'file.changed', taskId: task.id, ...change },
    }),
  );
  if (!isBroken(came)) return store.tasks.advance(writer, came, news);
  await store.tasks.append(writer, news);
  if (came.kind === 'paused') return pausedUntil(task, came, resumed(step), needs, context);
  if (came.kind === 'requests-tool') return sleepForTool(task, came, step, needs, context);
  if (came.kind === 'asks') return askPerson(task, came.call, step, needs, context);
  if (came.kind === 'wants-permission') return askPermission(task, came.wanted, resumed(step), needs, context);
  return atLimit(task, came.shortage, resumed(step), needs, context);
}

function isBroken(came: TaskState | Broken): came is Broken {
  return ['short', 'paused', 'asks', 'requests-tool', 'wants-permission'].includes(came.kind);
}

function resumed({ analysis, round, because, answered }: Work): ResumedState {
  return { kind: 'working', analysis, round, because, ...(answered ? { call: answered } : {}) };
}

/** Keys are indexed, and PostgreSQL refuses to index what is longer than about 2,700 bytes; a path may have 4,096. */
function shortened(path: string): string {
  return path.length <= longestPathInKey ? path : createHash('sha256').update(path).digest('hex');
}

/** Told before, by an attempt that was ended before it could save more: there is nothing left to ask for. */
function cameToItsEnd(before: readonly SpiralEvent[], round: number): boolean {
  return before.some((event) => event.type === 'engine.finished' && event.round === round && event.error === undefined);
}

/** Whatever ends a round again and again, it is not asked for without end. */
function tooManyStarts(before: readonly SpiralEvent[], round: number): TaskState | undefined {
  const errors = before.flatMap((event) =>
    event.type === 'engine.finished' && event.round === round && event.error !== undefined && !isForPerson(event.error)
      ? [event.error]
      : [],
  );
  const vain = vainStarts(before, round) >= mostVainStarts;
  if (!vain && errors.length < mostCrashes) return undefined;
  const count = vain ? mostVainStarts : errors.length;
  return ended('failed', `${errors.at(-1) ?? 'nothing came of it'} (round ${round} was begun ${count} times)`);
}

/** How often the round was begun since something was last heard of its work. */
function vainStarts(before: readonly SpiralEvent[], round: number): number {
  const isSign = ({ type }: SpiralEvent) =>
    ['command.ran', 'file.changed', 'prompt.spent', 'budget.granted', 'task.resumed'].includes(type);
  const lastSign = before.findLastIndex(
    (event) => isSign(event) || (event.type === 'progress' && event.by !== 'engine'),
  );
  return before.slice(lastSign + 1).filter((event) => event.type === 'engine.started' && event.round === round).length;
}

/** An answer is handed to the session that asked, once: begun again after that, the session knows of it or is told. */
function goingOf({ answered }: Work, before: readonly SpiralEvent[], interrupted: boolean): Going {
  if (!interrupted) return 'next';
  const news = answeredSinceStart(before);
  if (answered && news.has(answered.isToolRequest ? 'tool' : 'question')) return 'answered';
  return news.has('permission') ? 'decided' : 'interrupted';
}

/** The time of the round begins when there is a place for its session. Throws `LeaseLost` and `StepInterrupted`. */
async function ask(
  task: Task,
  step: Work,
  before: readonly SpiralEvent[],
  needs: RunTaskNeeds,
  context: StepContext,
): Promise<TaskState | Broken> {
  const start = `${step.round}-${context.writer.attempt}-${before.length}`;
  const place = await waitForSlot(task, start, task.agent, needs, context);
  if (place.kind === 'stopped') return stateAfter(task, step, { kind: 'aborted' }, place.reason);
  try {
    return await askInSession(task, step, before, needs, context);
  } finally {
    await place.slot.release();
  }
}

/** The cost is recorded before anything else can fail. */
async function askInSession(
  task: Task,
  step: Work,
  before: readonly SpiralEvent[],
  needs: RunTaskNeeds,
  context: StepContext,
): Promise<TaskState | Broken> {
  const { round } = step;
  const { attempt } = context.writer;
  const limit = timeLimit(task.roundTimeoutSeconds, context.signal);
  const { store, engine, stops } = needs;
  const limited = { ...context, signal: limit.signal };
  const { append } = store.tasks;
  const held = engine.isMetered ? undefined : await holdRound(task, needs);
  if (held?.kind === 'short') {
    limit.clear();
    return held;
  }
  // Told in an attempt that was ended: then the session may exist, and a second one of its id would be refused.
  const interrupted = before.some((event) => event.type === 'engine.started' && event.round === round);
  // Within one attempt, too, a round may be begun again: each start is told for itself.
  const start = `${attempt}-${before.length}`;
  let finished: Finished;
  let told = before;
  try {
    finished = await askEngine(task, step, goingOf(step, before, interrupted), before, start, needs, limited);
    if (finished.ending.kind === 'session-lost') {
      const lost = { type: 'progress', taskId: task.id, text: beginsAnew, by: 'spiral' } as const;
      await append(context.writer, [{ key: `${round}-lost-${attempt}`, news: lost }]);
      told = [];
      finished = await askEngine(task, step, 'anew', before, start, needs, limited);
    }
  } finally {
    limit.clear();
  }
  const stopped = limit.signal.aborted
    ? stopReasonOf(limit.signal)
    : stops.isRequested(task.id)
      ? 'cancelled'
      : undefined;
  const booked = engine.isMetered ? await store.budgets.bookedFor(task.id) : undefined;
  const news = booked
    ? engineFinished(task, round, finished, before, stopped, { ...booked, costUsd: booked.usd })
    : engineFinished(task, round, finished, told, stopped);
  await append(context.writer, [{ key: `${round}-engine-finished-${start}`, news }]);
  await held?.book(news);
  if (stopped === 'lease-lost') throw new LeaseLost(task.id);
  if (stopped === 'shutdown') throw new StepInterrupted(task.id);
  return stateAfter(task, step, finished.ending, stopped);
}

function stateAfter(
  task: Task,
  { analysis, round, because, answered }: Work,
  ending: RoundEnding,
  stopped: StopReason | undefined,
): TaskState | Broken {
  if (stopped === 'timed-out') {
    return ended('timed-out', `round ${round} took longer than ${task.roundTimeoutSeconds} s`);
  }
  if (stopped === 'deadline') return ended('timed-out', nightIsOver(task));
  if (stopped === 'cancelled') return ended('cancelled', 'cancelled by a person');
  switch (ending.kind) {
    case 'completed':
      return { kind: 'worked', analysis, round };
    case 'aborted':
      return ended('failed', 'Claude Code stopped before it was done');
    case 'crashed':
      // Found there again, the round goes on in its session; how often is bounded where it begins.
      return { kind: 'working', analysis, round, because, ...(answered ? { call: answered } : {}) };
    case 'out-of-budget':
      return { kind: 'short', shortage: ending.shortage };
    case 'paused':
    case 'asks':
    case 'requests-tool':
    case 'wants-permission':
      return ending;
    case 'stuck':
    case 'session-lost':
    case 'refused-key':
    case 'failed':
      return ended('failed', ending.message);
  }
}

function stopReasonOf({ reason }: AbortSignal): StopReason {
  return reason; // Only `StopReason`s are ever given to these signals.
}

function ended(status: 'timed-out' | 'cancelled' | 'failed', reason: string): TaskState {
  return { kind: 'ended', ending: { status, verified: false, reason } };
}

/** A signal that follows `outer` and aborts with `timed-out` when the round has had its time. */
function timeLimit(seconds: number, outer: AbortSignal): { readonly signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const reason: StopReason = 'timed-out';
  const timer = setTimeout(() => controller.abort(reason), seconds * 1000);
  return { signal: AbortSignal.any([outer, controller.signal]), clear: () => clearTimeout(timer) };
}
