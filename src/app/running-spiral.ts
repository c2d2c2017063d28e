import { isRehearsed } from '../domain/task.ts';
import type { Spiral } from '../spiral.ts';
import type { HeldLease } from '../store/store.ts';
import { serveMail, wakeThrough } from '../workflows/converse/serve-mail.ts';
import { hearAnswers } from '../workflows/hear-answers.ts';
import { openNudge } from '../workflows/nudge.ts';
import { type UnusedNeeds, watchUnused } from '../workflows/retire-tool/watch-unused.ts';
import { isDriven } from '../workflows/run-task/claims.ts';
import type { RunTaskNeeds } from '../workflows/run-task/needs.ts';
import { serveTasks } from '../workflows/serve-tasks.ts';
import { efficiencyTopic, type TellingNeeds, watchEfficiency } from '../workflows/tell-coach.ts';
import { acceptedBefore, acceptTask, continuationOf, orderOf } from './accept-task.ts';
import { afterBoth } from './after-both.ts';
import { agentResources } from './agent-resources.ts';
import { answerQuestion } from './answers.ts';
import { queueBackup } from './backup-job.ts';
import { conversationsOf } from './conversations.ts';
import { openDrives } from './drives.ts';
import { needsOf, type Parts } from './parts.ts';
import { withPlainErrors } from './plain-errors.ts';
import { diffOf, discardWork, mergeWork } from './repositories.ts';
import { surfacesOf } from './surfaces.ts';
import { projectReports, reportSince, taskReports } from './task-reports.ts';
import { toolRequestsOf } from './tool-requests.ts';
import { toolsOfPeople } from './tools.ts';

/** The system behind its face, over parts that are opened already or still opening. */
export function runningSpiral(parts: Parts): Spiral {
  // Only where mail is worked on somebody waits to be told.
  let tell: RunTaskNeeds['wake'] = async () => undefined;
  const wake: RunTaskNeeds['wake'] = (id, agent) => tell(id, agent);
  const drives = openDrives(parts, wake);
  const nudge = openNudge();
  const reporting = { isDriven: (lease: HeldLease | undefined) => isDriven(lease, parts) };

  const spiral: Spiral = {
    notices: parts.notices,
    kill: parts.kill,

    async submit(request, { driveHere } = { driveHere: false }) {
      const { key, attachments = [] } = request;
      const before = key === undefined ? undefined : await acceptedBefore(key, driveHere, parts);
      if (before) return before;
      const order = await orderOf(request, parts);
      if ('problem' in order) return { kind: 'refused', ...order };
      return acceptTask(order, { driveHere, attachments, key }, parts, drives);
    },

    async continue(taskId, text, { driveHere = true, attachments = [], key, origin } = {}) {
      const before = key === undefined ? undefined : await acceptedBefore(key, driveHere, parts);
      if (before) return before;
      const store = await parts.store();
      const task = await store.tasks.get(taskId);
      if (!task) return { kind: 'refused', problem: `There is no task ${taskId}.`, cure: 'See spiral tasks.' };
      const order = continuationOf(task, text, origin);
      if ('problem' in order) return { kind: 'refused', ...order };
      return acceptTask(order, { driveHere, attachments, key }, parts, drives);
    },

    async drive(taskId, signal = new AbortController().signal) {
      parts.requireReady();
      // Nobody takes up a demo: its model ends with this process.
      const backup = parts.rehearses ? undefined : queueBackup(taskId, parts);
      try {
        return await drives.drive(taskId, 'wait', signal);
      } finally {
        await backup?.remove();
      }
    },
    cancel: drives.cancel,

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
    async projects(limit) {
      const store = await parts.store();
      return projectReports(await store.tasks.projects(limit), store, reporting);
    },
    ...conversationsOf(parts, wake),
    ...agentResources({ ...parts, shareOf: parts.budget.cycles.shareOf, unfinished: () => spiral.unfinished() }),
    ...toolRequestsOf(parts, drives, nudge),
    ...toolsOfPeople(parts),
    ...surfacesOf(parts, () => spiral),
    async hold(taskId, isHeld) {
      const isChanged = await (await parts.store()).tasks.hold(taskId, isHeld);
      nudge.ring();
      return isChanged;
    },
    output: async (taskId) => (await parts.store()).tasks.output(taskId),
    async abandoned() {
      const unfinished = await spiral.unfinished();
      return unfinished.filter(
        (task) =>
          !task.driven &&
          !isRehearsed(task) &&
          !task.isHeld &&
          task.project === undefined &&
          task.state.kind !== 'waiting',
      );
    },

    pending: async () => (await parts.store()).questions.open(),
    async grant(questionId, answer) {
      const given = answer === 'refuse' ? ({ kind: 'refused' } as const) : { kind: 'granted' as const, ...answer };
      const store = await parts.store();
      const [question] = await store.questions.find(questionId);
      const isFirst = await store.questions.answer(questionId, given, 'human');
      // Refused, it is only to be recorded as over.
      if (isFirst && answer === 'refuse' && question) {
        await drives.drive(question.taskId, 'leave', new AbortController().signal);
      }
      nudge.ring();
      return isFirst;
    },
    async answer(questionId, choice, text) {
      const store = await parts.store();
      const [question] = await store.questions.find(questionId);
      if (!question) return false;
      const isFirst = await answerQuestion(question, choice, text, store, parts);
      // Ended by that, it is only to be recorded as over; a tool is taken away at once.
      const after = isFirst ? (await store.tasks.get(question.taskId))?.state.kind : undefined;
      if (after === 'ended' || after === 'retiring') {
        await drives.drive(question.taskId, 'leave', new AbortController().signal);
      }
      nudge.ring();
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

    async work(signal, ready = () => undefined) {
      parts.requireReady();
      const [queue, needs] = await Promise.all([parts.queue(), needsOf(parts, wake)]);
      tell = wakeThrough(queue, parts.report);
      await serveMail(queue, needs, signal, ready);
    },

    async serve(signal, ready = () => undefined) {
      parts.requireReady();
      const [queue, needs] = await Promise.all([parts.queue(), needsOf(parts, wake)]);
      tell = wakeThrough(queue, parts.report);
      let looking: Promise<unknown> = Promise.resolve();
      const listening = afterBoth(() => {
        ready();
        drives.load();
        looking = Promise.all([
          hearAnswers({ store: needs.store, nudge, report: parts.report }, signal),
          watchEfficiency(tellingNeeds(parts, needs), signal),
          watchUnused(unusedNeeds(parts, needs), signal),
        ]);
      });
      const tasks = serveTasks(
        {
          store: needs.store,
          queue,
          machine: parts.machine,
          sessions: parts.sessions,
          isDriven: ({ lease }) => isDriven(lease, parts),
          now: parts.now,
          responsePriority: parts.responsePriority,
          drive: (taskId, seat) => drives.drive(taskId, 'leave', signal, seat),
          report: parts.report,
          nudge,
          ready: listening,
        },
        signal,
      );
      await Promise.all([tasks, serveMail(queue, needs, signal, listening)]);
      await looking;
    },

    async close() {
      await drives.discardAll();
      await parts.close();
    },
  };
  return withPlainErrors(spiral);
}

function unusedNeeds(parts: Parts, { store }: Pick<RunTaskNeeds, 'store'>): UnusedNeeds {
  return { ...parts, store, workspace: parts.ownFolder, setting: parts.defaults('project-manager') };
}

function tellingNeeds(parts: Parts, { store }: Pick<RunTaskNeeds, 'store'>): TellingNeeds {
  const { ownFolder: workspace, topics } = parts;
  return {
    ...parts,
    store,
    workspace,
    listeners: topics[efficiencyTopic] ?? [],
    setting: parts.defaults('process-coach'),
  };
}
