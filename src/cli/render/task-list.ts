import { duration, money } from '../../domain/amounts.ts';
import type { Project } from '../../domain/project.ts';
import { isAnswered, isRehearsed } from '../../domain/task.ts';
import { stageAt } from '../../domain/tool-work.ts';
import type { TaskReport } from '../../spiral/reports.ts';
import { estimate } from '../amounts.ts';
import { oneLine } from '../plain-text.ts';
import { localTime, noOutputFor } from '../times.ts';
import { silentAfterMs } from './live.ts';

/** What a surface knows when it shows tasks. */
export type ListSetting = {
  readonly now: number;
  /** Costs were not booked request by request. */
  readonly estimated: boolean;
};

/** `spiral tasks`: a line for each, and one more where something is wrong. */
export function taskLines(tasks: readonly TaskReport[], setting: ListSetting): string[] {
  if (tasks.length === 0) return ['No tasks yet. Watch one with: spiral demo'];
  const interrupted = tasks.find((task) => isInterrupted(task) && !isRehearsed(task));
  const demo = tasks.find((task) => isInterrupted(task) && isRehearsed(task));
  const hints = [
    ...(interrupted ? [`Go on with an interrupted task: spiral tasks continue ${interrupted.id}`] : []),
    ...(demo ? [`An interrupted demo cannot go on; put it away: spiral stop ${demo.id}`] : []),
    ...(tasks.some(waitsForAnswer) ? ['What waits for you: spiral pending'] : []),
  ];
  const lines = tasks.flatMap((task) => {
    const trouble = troubleOf(task, setting.now);
    return [lineOf(task, setting), ...(trouble === undefined ? [] : [`          ${trouble}`])];
  });
  return hints.length === 0 ? lines : [...lines, '', ...hints];
}

function lineOf(task: TaskReport, setting: ListSetting): string {
  const age = duration(setting.now - task.createdAt.getTime());
  const used = `${task.promptsUsed}/${task.promptLimit}`;
  const status = statusOf(task, setting.now).padEnd(22);
  const cost = costOf(task, setting).padEnd(14);
  return `${task.id}  ${status} ${`${age} ago`.padEnd(16)} ${used.padStart(6)} prompts  ${cost} ${oneLine(task.text, 44)}`;
}

/** What a task cost, as a person reads it. */
export function costOf(
  task: Pick<TaskReport, 'origin' | 'costUsd'>,
  { estimated }: Pick<ListSetting, 'estimated'>,
): string {
  if (isRehearsed(task)) return 'rehearsed';
  return estimated ? estimate(task.costUsd) : money(task.costUsd);
}

/** Where a task stands, in at most three words or so. */
export function statusOf(task: Omit<TaskReport, 'project'>, now: number): string {
  const { state } = task;
  if (state.kind === 'finished') {
    // There is nothing to verify about what a person decided.
    if (state.status !== 'succeeded' || task.outcome?.verified !== false || task.retires) return state.status;
    return isAnswered(task) ? 'answered' : 'succeeded, unverified';
  }
  if (task.isHeld) return 'held';
  if (state.kind === 'waiting') {
    if (state.for.kind === 'tool') return 'waiting for a tool';
    return state.for.kind === 'answer'
      ? 'waiting for you'
      : `waiting until ${localTime(new Date(state.for.until), now)}`;
  }
  return task.driven ? workingStatus(state) : 'interrupted';
}

function workingStatus(state: TaskReport['state']): string {
  if (state.kind === 'working') return `working, round ${state.round}`;
  if (state.kind === 'worked') return 'running tests';
  if (state.kind === 'asking') return 'answering';
  if (state.kind === 'tooling') return `tool, ${stageAt(state.at) ?? 'request'}`;
  return state.kind === 'coordinating' ? `project, ${phasesOver(state.project)}` : 'starting';
}

/** `2 of 5 phases`, done or skipped. */
function phasesOver({ phases }: Project): string {
  return `${phases.filter(({ status }) => status !== 'open').length} of ${phases.length} phases`;
}

/** What is wrong with a round that runs: trouble with the model API, silence, or both. */
export function troubleOf(task: TaskReport, now: number): string | undefined {
  if (!task.driven || task.state.kind !== 'working') return undefined;
  const silentMs = now - task.lastNewsAt.getTime();
  const silence = silentMs >= silentAfterMs ? [noOutputFor(silentMs)] : [];
  const trouble = task.trouble === undefined ? [] : [oneLine(task.trouble, 90)];
  const words = [...trouble, ...silence];
  return words.length === 0 ? undefined : `${trouble.length > 0 ? '⚠️ ' : '⏳'} ${words.join(' · ')}`;
}

/** A kill, or whoever drove it, left it where it was. */
function isInterrupted({ state, driven, isHeld }: TaskReport): boolean {
  return !isHeld && state.kind !== 'finished' && state.kind !== 'waiting' && !driven;
}

export function waitsForAnswer({ state }: TaskReport): boolean {
  return state.kind === 'waiting' && state.for.kind === 'answer';
}
