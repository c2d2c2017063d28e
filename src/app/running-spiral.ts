import { randomInt, randomUUID } from 'node:crypto';
import type { AgentRole } from '../domain/agent.ts';
import type { MachineId, SessionId, TaskId } from '../domain/identifiers.ts';
import type { Night } from '../domain/task.ts';
import type { EngineSession } from '../engine/engine.ts';
import type { Queue } from '../queue/queue.ts';
import type { Notice, Spiral, TaskRequest } from '../spiral.ts';
import type { HeldLease, Store } from '../store/store.ts';
import { isDriving } from '../workflows/run-task/claims.ts';
import type { RunTaskNeeds } from '../workflows/run-task/needs.ts';
import { jobOf, laneOf, serveTasks } from '../workflows/serve-tasks.ts';
import { type CheckedTask, checkTask, recordTask, type TaskOrder } from '../workflows/submit-task.ts';
import type { TaskNews } from './notify.ts';
import { withPlainErrors } from './plain-errors.ts';
import { diffOf, discardWork, mergeWork } from './repositories.ts';
import { reportSince, taskReports } from './task-reports.ts';
import type { Upkeep } from './upkeep.ts';

/** What a running system is made of. Store and queue are opened when they are first asked for. */
export type Parts = Omit<RunTaskNeeds, 'store'> & {
  readonly store: () => Promise<Store>;
  readonly queue: () => Promise<Queue>;
  readonly machine: MachineId;
  /** Throws `SpiralError` when no model can be asked: a task that is taken up then would only fail. */
  readonly requireSignIn: () => void;
  /** The night that unattended work given now belongs to. Throws `SpiralError` when it must not run here. */
  readonly night: () => Night;
  readonly sessions: number;
  readonly defaults: (agent: AgentRole) => {
    readonly promptLimit: number;
    readonly roundTimeoutSeconds: number;
    readonly model: string;
  };
  /** Tells the person, in the way that they configured, that a task asks or is over. Never rejects. */
  readonly notify: (news: TaskNews) => Promise<void>;
  readonly upkeep: Upkeep;
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
      const end = await driveTask(taskId, needed, {
        signal,
        cancel: cancel.signal,
        whenBusy,
        ...(session ? { prepared: session } : {}),
      });
      if (end === 'finished' || end === 'waiting') await tellEnd(taskId, needed.store, parts);
      return end;
    } finally {
      driven.delete(taskId);
    }
  };

  const reporting = { isDriven: (lease: HeldLease | undefined) => isDriven(lease, parts) };

  const accept = async (order: TaskOrder, driveHere: boolean) => {
    const checked = await checkTask(order, newIds(parts.machine), parts.workspaces, parts.roster);
    if ('problem' in checked) return { kind: 'refused', ...checked } as const;
    try {
      // Claude Code needs half a second to start; the database is opened and written to meanwhile. A worktree is not there yet.
      const isReady = order.repository === undefined && order.continues === undefined;
      if (driveHere && isReady) prepared.set(checked.id, await prepareSession(checked, parts));
      const task = await recordTask(checked, await parts.store());
      if (!driveHere) {
        await (await parts.queue()).add(laneOf(parts.machine), jobOf(task.id), {
          kind: 'advance-task',
          taskId: task.id,
        });
      }
      return { kind: 'accepted', taskId: task.id } as const;
    } catch (error) {
      await prepared.get(checked.id)?.discard();
      prepared.delete(checked.id);
      throw error;
    }
  };

  const spiral: Spiral = {
    notices: parts.notices,
    kill: parts.kill,

    submit: (request, options = { driveHere: false }) => accept(order(request, parts), options.driveHere),

    async continue(taskId, text) {
      const store = await parts.store();
      const task = await store.tasks.get(taskId);
      if (!task) return { kind: 'refused', problem: `There is no task ${taskId}.`, cure: 'See spiral tasks.' };
      const { agent, workspace, origin, model, promptLimit, roundTimeoutSeconds } = task;
      const continued = { agent, workspace, origin, model, promptLimit, roundTimeoutSeconds };
      return accept({ ...continued, text: text ?? goOnWith(task.text), continues: task }, true);
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
        const store = await parts.store();
        const isAsked = await store.tasks.requestCancel(taskId);
        // Nobody would hear it: it is only to be recorded as over.
        if (isAsked && !here && !isDriven((await store.tasks.get(taskId))?.lease, parts)) {
          await drive(taskId, 'leave', new AbortController().signal);
        }
        return isAsked;
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
      return taskReports(await store.tasks.list(limit), store, reporting);
    },
    async unfinished() {
      const store = await parts.store();
      return taskReports(await store.tasks.unfinished(parts.machine), store, reporting);
    },
    async findTasks(idPrefix) {
      const store = await parts.store();
      return taskReports(await store.tasks.find(idPrefix), store, reporting);
    },
    output: async (taskId) => (await parts.store()).tasks.output(taskId),
    async abandoned() {
      const unfinished = await spiral.unfinished();
      return unfinished.filter((task) => !task.driven && task.state.kind !== 'waiting');
    },

    pending: async () => (await parts.store()).questions.open(),
    async grant(questionId, answer) {
      const given = answer === 'refuse' ? ({ kind: 'refused' } as const) : { kind: 'granted' as const, ...answer };
      const store = await parts.store();
      const [question] = await store.questions.find(questionId);
      const isFirst = await store.questions.answer(questionId, given, 'human');
      // Refused, it is only to be recorded as over.
      if (isFirst && answer === 'refuse' && question) {
        await drive(question.taskId, 'leave', new AbortController().signal);
      }
      return isFirst;
    },
    async grantAhead(taskId, measure, amount) {
      await (await parts.store()).budgets.grant(taskId, `task:${taskId}`, measure, amount, 'human');
    },
    costs: async (by, since) => (await parts.store()).budgets.costs(by, since),
    report: async (since) => reportSince(since, await parts.store(), reporting),

    diff: async (taskId) => diffOf(taskId, { store: await parts.store(), workspaces: parts.workspaces }),
    merge: async (taskId) => mergeWork(taskId, { store: await parts.store(), workspaces: parts.workspaces }),
    discard: async (taskId) => discardWork(taskId, { store: await parts.store(), workspaces: parts.workspaces }),

    prune: async () => parts.upkeep.prune(await parts.store()),
    backup: async (path) => parts.upkeep.backup(await parts.store(), path),
    restore: async (path) => parts.upkeep.restore(await parts.store(), path),

    async serve(signal, ready = () => undefined) {
      parts.requireSignIn();
      await serveTasks(
        {
          store: await parts.store(),
          queue: await parts.queue(),
          machine: parts.machine,
          sessions: parts.sessions,
          isDriven: ({ lease }) => isDriven(lease, parts),
          now: parts.now,
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

function order(request: TaskRequest, { defaults, night }: Parts): TaskOrder {
  const usual = defaults(request.agent);
  return {
    text: request.text,
    agent: request.agent,
    workspace: request.workspace,
    ...(request.repository === undefined ? {} : { repository: request.repository }),
    ...(request.unattended === true ? { night: night() } : {}),
    origin: request.origin,
    model: request.model ?? usual.model,
    promptLimit: request.promptLimit ?? usual.promptLimit,
    roundTimeoutSeconds: request.roundTimeoutSeconds ?? usual.roundTimeoutSeconds,
  };
}

function goOnWith(text: string): string {
  return `Go on with what was asked before and was not finished. It was: ${text}`;
}

/** Tells the person of a task that asks or is over. */
async function tellEnd(taskId: TaskId, store: Store, { notify, report }: Parts): Promise<void> {
  try {
    const task = await store.tasks.get(taskId);
    if (!task) return;
    const outcome = task.state.kind === 'finished' ? await store.tasks.outcome(taskId) : undefined;
    const question = (await store.questions.open()).find((open) => open.taskId === taskId);
    if (outcome) await notify({ kind: 'finished', task, outcome });
    else if (question) await notify({ kind: 'asked', task, question });
  } catch (error) {
    // What it tells is recorded, and the task itself is none the worse.
    report(`Telling of task ${taskId} failed: ${messageOf(error)}`);
  }
}

async function prepareSession(task: CheckedTask, { engine, workspaces, roster }: Parts): Promise<EngineSession> {
  const instructions = await workspaces.instructions(task.workspace);
  return engine.prepare({
    sessionId: task.sessionId,
    begin: 'new',
    workspace: task.workspace,
    model: task.model,
    instructions: roster[task.agent]?.instructions(instructions) ?? '',
    taskId: task.id,
    agent: task.agent,
    ...(task.night === undefined ? {} : { night: task.night.name }),
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
