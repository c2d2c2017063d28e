import type { TaskId } from '../../domain/identifiers.ts';
import { nextStep, projectOf, type Task, type TaskStep } from '../../domain/task.ts';
import type { EngineSession } from '../../engine/engine.ts';
import { LeaseLost, StoreError, type Writer } from '../../store/store.ts';
import { carryOut } from './advance-task.ts';
import { nightIsOver } from './endings.ts';
import { type Heart, keepLease } from './keep-lease.ts';
import { occupyWorkspace, takeLease } from './lease-task.ts';
import { type RunTaskNeeds, StepInterrupted, type StopReason } from './needs.ts';
import { type Seat, uncounted } from './seats.ts';
import { waitUntil } from './wait-until.ts';

/**
 * How a drive ended. `lost`: another process took the task over. `left`: the task waits for whoever takes it next.
 * `waiting`: it goes on when a human has answered or, when nobody wants to wait for that here, when its time has come.
 */
export type DriveEnd = 'finished' | 'lost' | 'left' | 'waiting';

export type DriveOptions = {
  /** Ends the drive and leaves the task as it is. */
  readonly signal: AbortSignal;
  /** A session of the first round that was started in advance. */
  readonly prepared?: EngineSession;
  /** Aborts when a person asked this very process for the end of the task: they are then heard at once. */
  readonly cancel?: AbortSignal;
  /** While another process drives the task, or another task works in its workspace: wait, or leave it for later. */
  readonly whenBusy: 'wait' | 'leave';
  /** Where drives are counted. */
  readonly seat?: Seat;
};

/**
 * Drives a task step by step in this process until it is finished, under a lease that only one process can hold. A person
 * who asks for its end is heard within the time of one renewal, from whichever process they ask.
 */
export async function driveTask(id: TaskId, needs: RunTaskNeeds, options: DriveOptions): Promise<DriveEnd> {
  const prepared = once(options.prepared);
  try {
    const lease = await takeLease(id, needs, options.whenBusy, options.signal);
    if (lease === 'finished' || lease === 'left') return lease;
    try {
      return await underLease(lease.task, { taskId: id, attempt: lease.attempt }, needs, options, prepared);
    } finally {
      lease.giveUp();
    }
  } finally {
    await prepared.take()?.discard();
  }
}

async function underLease(
  leased: Task,
  writer: Writer,
  needs: RunTaskNeeds,
  options: DriveOptions,
  prepared: Once<EngineSession>,
): Promise<DriveEnd> {
  const stop = new AbortController();
  const halt = (reason: StopReason) => stop.abort(reason);
  const ears = [listen(options.signal, () => halt('shutdown')), listen(options.cancel, () => halt('cancelled'))];
  const heart = keepLease(writer, needs, halt);
  const deadline = atDeadline(leased, needs, () => halt('deadline'));
  const driving = needs.stops.drives(leased.id, leased.project);
  const { signal } = stop;
  const { seat = uncounted } = options;
  const isStopped = () => signal.reason === 'cancelled' || needs.stops.isRequested(leased.id);
  try {
    let task = leased;
    let occupied = false;
    for (;;) {
      // Asked first: a task that is over has no lease any more, and that is no loss.
      const step = nextStep(isStopped() ? { ...task, cancelRequested: true } : task);
      if (!step) {
        needs.stops.clear(leased.id);
        return 'finished';
      }
      if (signal.reason === 'shutdown' || (task.isHeld && step.kind !== 'finish')) return 'left';
      if (signal.reason === 'lease-lost') throw new LeaseLost(writer.taskId);
      if (step.kind === 'wait' && step.for.kind !== 'time') return 'waiting';
      if (signal.reason === 'deadline' && step.kind !== 'finish') {
        const ending = { status: 'timed-out', verified: false, reason: nightIsOver(task) } as const;
        const project = projectOf(task);
        const state = { kind: 'ended', ending, ...(project ? { project } : {}) } as const;
        task = await needs.store.tasks.advance(writer, state, []);
        continue;
      }
      if (step.kind === 'wait') {
        const waited = await waitUntil(step, task, needs, options.whenBusy, { writer, signal });
        if (waited === 'waiting') return 'waiting';
        if (waited !== 'interrupted') task = waited;
        continue;
      }
      // What is only to be told as over, for example a task that was cancelled while it waited, needs no workspace.
      if (!occupied && worksInFolder(step)) {
        const discard = async () => prepared.take()?.discard();
        occupied = await occupyWorkspace(writer, needs, options.whenBusy, signal, discard);
        if (!occupied && !signal.aborted) return 'left';
        continue;
      }
      const driveOther = (other: TaskId) => driveWith(other, needs, signal, seat);
      const context = { writer, signal, takePrepared: prepared.take, driveOther, seat };
      task = await carryOut(step, task, needs, context).catch((error: unknown) =>
        endedBy(error, task, writer, needs, signal),
      );
    }
  } catch (error) {
    if (error instanceof LeaseLost) return lostLease(heart);
    if (error instanceof StepInterrupted) return 'left';
    throw error;
  } finally {
    heart.stop();
    deadline.clear();
    driving.end();
    for (const ear of ears) ear.close();
    // Without a database it stays in the row; whoever comes next finds that nobody drives the task under it.
    await needs.store.tasks.release(writer).catch(() => undefined);
  }
}

/** An agent that answers reads at most; whoever builds has the folder to itself. */
function worksInFolder({ kind }: TaskStep): boolean {
  return !elsewhere.has(kind);
}

const elsewhere: ReadonlySet<TaskStep['kind']> = new Set([
  'finish',
  'begin-answer',
  'answer',
  'converse',
  'begin-retirement',
  'retire',
]);

/** Drives another task for as long as this one may be driven. At the deadline of a night each ends by itself. */
async function driveWith(other: TaskId, needs: RunTaskNeeds, signal: AbortSignal, seat: Seat): Promise<DriveEnd> {
  const leave = new AbortController();
  const cancel = new AbortController();
  const ear = listen(signal, () => {
    if (signal.reason === 'cancelled') cancel.abort();
    else if (signal.reason !== 'deadline') leave.abort();
  });
  try {
    return await driveTask(other, needs, { signal: leave.signal, cancel: cancel.signal, whenBusy: 'wait', seat });
  } finally {
    ear.close();
  }
}

/** Node takes a longer time for none at all. */
const longestTimerMs = 2 ** 31 - 1;

/** Calls back when the night of the task is over; never for a task that has none. */
function atDeadline({ night }: Task, { now }: RunTaskNeeds, over: () => void): { clear(): void } {
  if (night === undefined) return { clear: () => undefined };
  const left = Date.parse(night.deadline) - now();
  const timer = setTimeout(over, Math.min(Math.max(0, left), longestTimerMs));
  return { clear: () => clearTimeout(timer) };
}

function lostLease({ unheardFor }: Heart): 'lost' {
  const seconds = Math.round(unheardFor());
  if (seconds === 0) return 'lost';
  throw new StoreError(
    'unreachable',
    `the database has not answered for ${seconds} s; the task was left as it is`,
    'See that the database answers, then let the task go on.',
  );
}

/**
 * What a step that broke makes of its task: a failed one that says why. A task that is tried again and again would spend
 * again and again; only a database that is away for a while leaves it as it is.
 */
async function endedBy(
  error: unknown,
  task: Task,
  writer: Writer,
  { store }: RunTaskNeeds,
  signal: AbortSignal,
): Promise<Task> {
  if (error instanceof LeaseLost || error instanceof StepInterrupted || error instanceof StoreError) throw error;
  // What breaks while we leave may have broken because of it; whoever takes the task over will see.
  if (signal.reason === 'shutdown') throw new StepInterrupted(writer.taskId);
  const ending = { status: 'failed', verified: false, reason: reasonOf(error) } as const;
  const project = projectOf(task);
  return store.tasks.advance(writer, { kind: 'ended', ending, ...(project ? { project } : {}) }, []);
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const cure = error instanceof Error && 'cure' in error && typeof error.cure === 'string' ? error.cure : undefined;
  if (cure === undefined) return message;
  return `${message}${/[.!?]$/.test(message) ? '' : '.'} ${cure}`;
}

function listen(signal: AbortSignal | undefined, heard: () => void): { close(): void } {
  signal?.addEventListener('abort', heard, { once: true });
  if (signal?.aborted) heard();
  return { close: () => signal?.removeEventListener('abort', heard) };
}

type Once<Value> = { take(): Value | undefined };

function once<Value>(value: Value | undefined): Once<Value> {
  let left = value;
  return {
    take() {
      const taken = left;
      left = undefined;
      return taken;
    },
  };
}
