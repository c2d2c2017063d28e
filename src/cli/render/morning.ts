import { counted, duration, money } from '../../domain/amounts.ts';
import { isAnswered, projectOf } from '../../domain/task.ts';
import type { Report, TaskReport } from '../../spiral/reports.ts';
import { oneLine } from '../plain-text.ts';
import { localDayAndTime } from '../times.ts';
import { shortageSentence } from './shortage.ts';
import { costOf, type ListSetting, statusOf, troubleOf } from './task-list.ts';
import { answersTo } from './waiting.ts';

const textWidth = 48;
const reasonWidth = 110;
const indent = '             ';

/** `spiral report`: what a person wants to know in the morning, first what is done, last what it cost. */
export function morningLines(report: Report, setting: ListSetting): string[] {
  // A project is told as a whole.
  const wholes = (tasks: readonly TaskReport[]) => tasks.filter(({ project }) => project === undefined);
  const finished = wholes(report.finished);
  const waiting = wholes(report.waiting);
  const open = wholes(report.open);
  const answered = finished.filter((task) => task.outcome?.status === 'succeeded' && isAnswered(task));
  const proved = finished.filter(({ outcome }) => outcome?.status === 'succeeded' && outcome.verified);
  const unproved = finished.filter(
    (task) => task.outcome?.status === 'succeeded' && !task.outcome.verified && !isAnswered(task),
  );
  const failed = finished.filter(({ outcome }) => outcome?.status !== 'succeeded');
  const quiet = finished.length + waiting.length + open.length === 0;
  return [
    `🌅 Since ${localDayAndTime(report.since)} (${duration(setting.now - report.since.getTime())})`,
    ...(quiet ? ['', 'Nothing finished, nothing waits, nothing is open.'] : []),
    ...section('✅ Done and verified', proved, (task) => [doneLine(task, setting), ...branchLine(task)]),
    ...section('⚠️  Done, NOT verified', unproved, (task) => [
      doneLine(task, setting),
      ...reasonLine(task),
      ...branchLine(task),
    ]),
    ...section('💬 Answered', answered, (task) => [headOf(task, `spiral tasks show ${task.id}`)]),
    ...section('❌ Failed', failed, (task) => [headOf(task, task.outcome?.status ?? 'failed'), ...reasonLine(task)]),
    ...section('⏸️  Waiting for you', waiting, waitingTask),
    ...section('🔄 Still open', open, (task) => openTask(task, setting)),
    '',
    `🔥 Spent: ${money(report.usd)}, ${counted(report.prompts, 'prompt')}${setting.estimated ? ' (with a login nothing is booked; the costs above are estimates)' : ''}`,
  ];
}

function section(
  title: string,
  tasks: readonly TaskReport[],
  lines: (task: TaskReport) => readonly string[],
): string[] {
  return tasks.length === 0 ? [] : ['', `${title}: ${tasks.length}`, ...tasks.flatMap(lines)];
}

function headOf(task: TaskReport, more: string): string {
  return `   ${task.id}  ${oneLine(task.text, textWidth).padEnd(textWidth)}  ${more}`.trimEnd();
}

function doneLine(task: TaskReport, setting: ListSetting): string {
  // What the tasks of a project cost is part of its outcome.
  const costUsd = projectOf(task) ? (task.outcome?.costUsd ?? task.costUsd) : task.costUsd;
  return headOf(task, [task.outcome?.summary, costOf({ ...task, costUsd }, setting)].filter(Boolean).join(' · '));
}

function reasonLine({ outcome }: TaskReport): string[] {
  return outcome?.reason === undefined ? [] : [`${indent}${oneLine(outcome.reason, reasonWidth)}`];
}

function branchLine({ id, repository }: TaskReport): string[] {
  return repository ? [`${indent}spiral tasks diff ${id} · spiral tasks merge ${id}`] : [];
}

function waitingTask(task: TaskReport): string[] {
  const { question } = task;
  if (!question) return [headOf(task, 'see: spiral pending')];
  const said = question.shortage ? shortageSentence(question.shortage) : oneLine(question.text, reasonWidth);
  return [headOf(task, said), ...answersTo(question).map((line) => `${indent}${line}`)];
}

function openTask(task: TaskReport, setting: ListSetting): string[] {
  const trouble = troubleOf(task, setting.now);
  const status = statusOf(task, setting.now);
  const next = status === 'interrupted' ? `interrupted: spiral tasks continue ${task.id}` : status;
  return [headOf(task, next), ...(trouble === undefined ? [] : [`${indent}${trouble}`])];
}
