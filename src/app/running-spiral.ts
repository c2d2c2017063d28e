import { randomInt, randomUUID } from 'node:crypto';
import type { AgentRole } from '../domain/agent.ts';
import type { MachineId, SessionId, TaskId } from '../domain/identifiers.ts';
import type { EngineSession } from '../engine/engine.ts';
import type { Queue } from '../queue/queue.ts';
import type { Notice, Spiral, TaskReport, TaskRequest } from '../spiral.ts';
import type { HeldLease, Store, TaskSummary } from '../store/store.ts';
import { isDriving } from '../workflows/run-task/claims.ts';
import type { RunTaskNeeds } from '../workflows/run-task/needs.ts';
import { jobOf, laneOf, serveTasks } from '../workflows/serve-tasks.ts';
import { type CheckedTask, checkTask, recordTask } from '../workflows/submit-task.ts';
import { withPlainErrors } from './plain-errors.ts';

/** What a running system is made of. Store and queue are opened when they are first asked for. */
export type Parts = Omit<RunTaskNeeds, 'store'> & {
  readonly store: () => Promise<Store>;
  readonly queue: () => Promise<Queue>;
  readonly machine: MachineId;
  /** Throws `SpiralError` when no model can be asked: a task that is taken up then would only fail. */
  readonly requireSignIn: () => void;
  readonly sessions: number;
  readonly defaults: (agent: AgentRole) => {
    readonly promptLimit: number;
    readonly roundTimeoutSeconds: number;
    readonly model: string;
  };
  readonly notices: readonly Notice[];
  readonly report: (problem: string) => void;
  readonly kill: () => void;
  readonly close: () => Promise<void>;
};

const idAlphabet = '0123456789abcdefghijkmnpqrstuvwxyz';
/** A task that this process drives is queued only after it began: the queue is a backup, and must not delay the start. */
const backupAfterMs = 3000;
/** Within this time a process that lives takes its own task up again; a backup job that comes earlier finds it held. */
const backupDelayMs = 60_000;

/** The system behind its face, over parts that are opened already or still opening. */
export function runningSpiral(parts: Parts): Spiral {
  const prepared = new Map<TaskId, EngineSession>();
  const driven = new Map<TaskId, AbortController>();

  const needs = async (): Promise<RunTaskNeeds> => ({ ...parts, store: await parts.store() });

  const drive = async (taskId: TaskId, whenBusy: 'wait' | 'leave', signal: AbortSignal) => {
    const cancel = driven.get(taskId) ?? new AbortController();
    driven.set(taskId, cancel);
    try {
      const [{ driveTask }, needed] = await Promise.all([import('../workflows/run-task/drive-task.ts'), needs()]);
      // Taken only now: until here `close` would still find and discard it.
      const session = prepared.get(taskId);
      prepared.delete(taskId);
      return await driveTask(taskId, needed, {
        signal,
        cancel: cancel.signal,
        whenBusy,
        ...(session ? { prepared: session } : {}),
      });
    } finally {
      driven.delete(taskId);
    }
  };

  const reports = (tasks: readonly TaskSummary[], store: Store): Promise<TaskReport[]> =>
    Promise.all(
      tasks.map(async ({ lease, ...task }) => {
        const outcome = task.state.kind === 'finished' ? await store.tasks.outcome(task.id) : undefined;
        return { ...task, driven: isDriven(lease, parts), ...(outcome ? { outcome } : {}) };
      }),
    );

  const spiral: Spiral = {
    notices: parts.notices,
    kill: parts.kill,

    async submit(request, options = { driveHere: false }) {
      const checked = await checkTask(order(request, parts), newIds(parts.machine), parts.workspaces, parts.roster);
      if ('problem' in checked) return { kind: 'refused', ...checked };
      try {
        // Claude Code needs half a second to start; the database is opened and written to meanwhile.
        if (options.driveHere) prepared.set(checked.id, await prepareSession(checked, parts));
        const task = await recordTask(checked, await parts.store());
        if (!options.driveHere) {
          await (await parts.queue()).add(laneOf(parts.machine), jobOf(task.id), {
            kind: 'advance-task',
            taskId: task.id,
          });
        }
        return { kind: 'accepted', taskId: task.id };
      } catch (error) {
        await prepared.get(checked.id)?.discard();
        prepared.delete(checked.id);
        throw error;
      }
    },

    async drive(taskId, signal = new AbortController().signal) {
      parts.requireSignIn();
      const backup = queueBackup(taskId, parts);
      try {
        return await drive(taskId, 'wait', signal);
      } finally {
        await backup.remove();
      }
    },

    async cancel(taskId) {
      const here = driven.get(taskId);
      here?.abort();
      try {
        return await (await parts.store()).tasks.requestCancel(taskId);
      } catch (error) {
        if (!here) throw error;
        // The drive of this process has heard it, and that is all that was asked for.
        parts.report(`Recording that task ${taskId} is cancelled failed: ${messageOf(error)}`);
        return true;
      }
    },

    async *watch(from, signal) {
      yield* (await parts.store()).events.watch(from, signal);
    },
    events: async (from, limit) => (await parts.store()).events.read(from, limit),
    lastEvent: async () => (await parts.store()).events.last(),

    async tasks(limit) {
      const store = await parts.store();
      return reports(await store.tasks.list(limit), store);
    },
    async findTasks(idPrefix) {
      const store = await parts.store();
      return reports(await store.tasks.find(idPrefix), store);
    },
    output: async (taskId) => (await parts.store()).tasks.output(taskId),
    async abandoned() {
      const store = await parts.store();
      const unfinished = await reports(await store.tasks.unfinished(parts.machine), store);
      return unfinished.filter((task) => !task.driven);
    },

    async serve(signal, ready = () => undefined) {
      parts.requireSignIn();
      await serveTasks(
        {
          store: await parts.store(),
          queue: await parts.queue(),
          machine: parts.machine,
          sessions: parts.sessions,
          isDriven: ({ lease }) => isDriven(lease, parts),
          drive: (taskId) => drive(taskId, 'leave', signal),
          report: parts.report,
          ready,
        },
        signal,
      );
    },

    async close() {
      await Promise.all([...prepared.values()].map((session) => session.discard()));
      await parts.close();
    },
  };
  return withPlainErrors(spiral);
}

function order(request: TaskRequest, { defaults }: Parts) {
  const usual = defaults(request.agent);
  return {
    text: request.text,
    agent: request.agent,
    workspace: request.workspace,
    origin: request.origin,
    model: request.model ?? usual.model,
    promptLimit: request.promptLimit ?? usual.promptLimit,
    roundTimeoutSeconds: request.roundTimeoutSeconds ?? usual.roundTimeoutSeconds,
  };
}

async function prepareSession(task: CheckedTask, { engine, workspaces, roster }: Parts): Promise<EngineSession> {
  const instructions = await workspaces.instructions(task.workspace);
  return engine.prepare({
    sessionId: task.sessionId,
    begin: 'new',
    workspace: task.workspace,
    model: task.model,
    instructions: roster[task.agent]?.instructions(instructions) ?? '',
    purpose: `task ${task.id}`,
  });
}

function newIds(machine: MachineId): { id: TaskId; sessionId: SessionId; machine: MachineId } {
  const id = Array.from({ length: 8 }, () => idAlphabet[randomInt(idAlphabet.length)]).join('');
  return { id: id as TaskId, sessionId: randomUUID() as SessionId, machine };
}

/** Keeps a job in the queue while this process drives the task, for a `serve` that finds it dead. */
function queueBackup(taskId: TaskId, { queue, machine, report }: Parts): { remove(): Promise<void> } {
  let added: Promise<void> | undefined;
  const told = (error: unknown) => report(`The backup job of task ${taskId}: ${messageOf(error)}`);
  const timer = setTimeout(() => {
    added = queue()
      .then((open) =>
        open.add(laneOf(machine), jobOf(taskId), { kind: 'advance-task', taskId }, { delayMs: backupDelayMs }),
      )
      .catch(told);
  }, backupAfterMs);
  return {
    async remove() {
      clearTimeout(timer);
      if (!added) return;
      await added;
      await queue()
        .then((open) => open.remove(laneOf(machine), jobOf(taskId)))
        .catch(told);
    },
  };
}

/** A lease counts while somebody drives under it; of one that cannot be looked at from here, while its time lasts. */
function isDriven(lease: HeldLease | undefined, parts: Parts): boolean {
  return lease !== undefined && (isDriving(lease, parts) ?? !lease.expired);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
