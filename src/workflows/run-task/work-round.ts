import { createHash } from 'node:crypto';
import type { SpiralEvent } from '../../domain/event.ts';
import type { Task, TaskState } from '../../domain/task.ts';
import type { RoundEnding } from '../../engine/engine.ts';
import { LeaseLost } from '../../store/store.ts';
import { askEngine, type Finished, type Work } from './ask-engine.ts';
import { type RunTaskNeeds, type StepContext, StepInterrupted, type StopReason } from './needs.ts';
import { eventsOf } from './recorded.ts';
import { beginsAnew, engineFinished } from './session-cost.ts';

const longestPathInKey = 500;

/** Asks for one round of Claude Code, records what it does while it does it, and afterwards what changed by git. */
export async function workRound(task: Task, step: Work, needs: RunTaskNeeds, context: StepContext): Promise<Task> {
  const { store, workspaces } = needs;
  const { writer } = context;
  const { round } = step;
  const before = await eventsOf(store, task.id);
  await workspaces.snapshot(task.workspace, task.id, `${round}-before`);
  const next = cameToItsEnd(before, round)
    ? ({ kind: 'worked', analysis: step.analysis, round } as const)
    : await ask(task, step, before, needs, context);

  const after = `${round}-after-${writer.attempt}`;
  await workspaces.snapshot(task.workspace, task.id, after);
  const changes = await workspaces.changes(task.workspace, task.id, `${round}-before`, after);
  return store.tasks.advance(
    writer,
    next,
    changes.map((change) => ({
      key: `${round}-file-${shortened(change.path)}`,
      news: { type: 'file.changed', taskId: task.id, ...change },
    })),
  );
}

/** Keys are indexed, and PostgreSQL refuses to index what is longer than about 2,700 bytes; a path may have 4,096. */
function shortened(path: string): string {
  return path.length <= longestPathInKey ? path : createHash('sha256').update(path).digest('hex');
}

/** Told before, by an attempt that was ended before it could save more: there is nothing left to ask for. */
function cameToItsEnd(before: readonly SpiralEvent[], round: number): boolean {
  return before.some((event) => event.type === 'engine.finished' && event.round === round && event.error === undefined);
}

/** The cost is recorded before anything else can fail. Throws `LeaseLost` and `StepInterrupted`. */
async function ask(
  task: Task,
  step: Work,
  before: readonly SpiralEvent[],
  needs: RunTaskNeeds,
  context: StepContext,
): Promise<TaskState> {
  const { round } = step;
  const { attempt } = context.writer;
  const limit = timeLimit(task.roundTimeoutSeconds, context.signal);
  const limited = { ...context, signal: limit.signal };
  const append = needs.store.tasks.append;
  // Told in an attempt that was ended: then the session may exist, and a second one of its id would be refused.
  const interrupted = before.some((event) => event.type === 'engine.started' && event.round === round);
  let finished: Finished;
  let told = before;
  try {
    finished = await askEngine(task, step, interrupted ? 'interrupted' : 'next', needs, limited);
    if (finished.ending.kind === 'session-lost') {
      const lost = { type: 'progress', taskId: task.id, text: beginsAnew, by: 'spiral' } as const;
      await append(context.writer, [{ key: `${round}-lost-${attempt}`, news: lost }]);
      told = [];
      finished = await askEngine(task, step, 'anew', needs, limited);
    }
  } finally {
    limit.clear();
  }
  const stopped: StopReason | undefined = limit.signal.aborted ? limit.signal.reason : undefined;
  const news = engineFinished(task, round, finished, told, stopped);
  await append(context.writer, [{ key: `${round}-engine-finished-${attempt}`, news }]);
  if (stopped === 'lease-lost') throw new LeaseLost(task.id);
  if (stopped === 'shutdown') throw new StepInterrupted(task.id);
  return stateAfter(task, step, finished.ending, stopped);
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

/** A signal that follows `outer` and aborts with `timed-out` when the round has had its time. */
function timeLimit(seconds: number, outer: AbortSignal): { readonly signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const reason: StopReason = 'timed-out';
  const timer = setTimeout(() => controller.abort(reason), seconds * 1000);
  return { signal: AbortSignal.any([outer, controller.signal]), clear: () => clearTimeout(timer) };
}
