import type { TaskId } from '../domain/identifiers.ts';
import { isRehearsed } from '../domain/task.ts';
import type { EngineSession } from '../engine/engine.ts';
import { mayAsk } from '../workflows/run-task/ask-engine.ts';
import { isDriven } from '../workflows/run-task/claims.ts';
import type { DriveEnd } from '../workflows/run-task/drive-task.ts';
import type { RunTaskNeeds } from '../workflows/run-task/needs.ts';
import { prepareSession } from '../workflows/run-task/prepare-session.ts';
import type { Seat } from '../workflows/run-task/seats.ts';
import type { CheckedTask } from '../workflows/submit-task.ts';
import { loadAgentSdk } from './load-agent-sdk.ts';
import { tellEnd } from './notify.ts';
import { needsOf, type Parts, toolsOf } from './parts.ts';
import { rehearsedOnly } from './refusals.ts';

/** The tasks that this process drives, and the sessions that it started for those it will drive. */
export type Drives = {
  /** Loads what the drive of a task needs, for a first task that may come at any moment. */
  load(): void;
  /** Starts the session of a task before the task is recorded. */
  prepare(task: CheckedTask): Promise<void>;
  /** Ends a session that was started in advance and is not driven. */
  discard(taskId: TaskId): Promise<void>;
  discardAll(): Promise<void>;
  /** Drives a task until it is over. Throws `SpiralError` for one that this system must not drive. */
  drive(taskId: TaskId, whenBusy: 'wait' | 'leave', signal: AbortSignal, seat?: Seat): Promise<DriveEnd>;
  /** Asks for the end of a task, wherever it runs; false when it is unknown or over. */
  cancel(taskId: TaskId): Promise<boolean>;
};

/** @param wake tells whoever works on mail that an agent has some */
export function openDrives(parts: Parts, wake: RunTaskNeeds['wake']): Drives {
  const prepared = new Map<TaskId, EngineSession>();
  const driven = new Map<TaskId, AbortController>();

  const drives: Drives = {
    load() {
      loadAgentSdk();
      import('../workflows/run-task/drive-task.ts').catch(() => undefined); // `drive` imports it again and tells.
    },

    async prepare(task) {
      prepared.set(
        task.id,
        await prepareSession(task, 'new', { mayAsk: mayAsk(task) }, { ...parts, tools: toolsOf(parts, wake) }),
      );
    },

    async discard(taskId) {
      await prepared.get(taskId)?.discard();
      prepared.delete(taskId);
    },

    async discardAll() {
      await Promise.all([...prepared.keys()].map(drives.discard));
    },

    async drive(taskId, whenBusy, signal, seat) {
      const cancel = driven.get(taskId) ?? new AbortController();
      driven.set(taskId, cancel);
      try {
        const [{ driveTask }, needs] = await Promise.all([
          import('../workflows/run-task/drive-task.ts'),
          needsOf(parts, wake),
        ]);
        await requireOwnModel(taskId, parts);
        // Taken only now: until here `discardAll` would still find and discard it.
        const session = prepared.get(taskId);
        prepared.delete(taskId);
        const end = await driveTask(taskId, needs, {
          signal,
          cancel: cancel.signal,
          whenBusy,
          ...(seat ? { seat } : {}),
          ...(session ? { prepared: session } : {}),
        });
        if (end === 'finished' || end === 'waiting') await tellEnd(taskId, needs.store, parts);
        return end;
      } finally {
        driven.delete(taskId);
      }
    },

    async cancel(taskId) {
      const here = driven.get(taskId);
      here?.abort();
      try {
        const store = await parts.store();
        const isAsked = await store.tasks.requestCancel(taskId);
        // Nobody would hear it: it is only to be recorded as over.
        if (isAsked && !here && !isDriven((await store.tasks.get(taskId))?.lease, parts)) {
          await drives.drive(taskId, 'leave', new AbortController().signal);
        }
        return isAsked;
      } catch (error) {
        if (!here) throw error;
        // The drive of this process has heard it, and that is all that was asked for.
        const why = error instanceof Error ? error.message : String(error);
        parts.report(`Recording that task ${taskId} is cancelled failed: ${why}`);
        return true;
      }
    },
  };
  return drives;
}

/** An interrupted demo must not be gone on with by a model that costs money, nor a task by one that plays a part. */
async function requireOwnModel(taskId: TaskId, { store, rehearses }: Parts): Promise<void> {
  if (rehearses) return;
  const task = await (await store()).tasks.get(taskId);
  if (task && isRehearsed(task) && !task.cancelRequested) throw rehearsedOnly(taskId);
}
