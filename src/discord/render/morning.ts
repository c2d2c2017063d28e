import { counted, money } from '../../domain/amounts.ts';
import { isAnswered } from '../../domain/task.ts';
import type { Report, TaskReport } from '../../spiral/reports.ts';
import type { Outgoing } from '../outbox/outgoing.ts';
import { code, dotted, listed } from './list.ts';
import { taskStatus } from './lists-status.ts';
import { titles } from './question-card.ts';
import { plainLine } from './text.ts';
import { voices } from './voices.ts';

const mostOfText = 80;
const mostOfReason = 120;

/** What happened since a moment: first what is proved, last what it cost. */
export function morningReport(report: Report): Outgoing {
  // A project is told as a whole.
  const wholes = (tasks: readonly TaskReport[]) => tasks.filter(({ project }) => project === undefined);
  const finished = wholes(report.finished);
  const waiting = wholes(report.waiting);
  const open = wholes(report.open);
  const succeeded = finished.filter(({ outcome }) => outcome?.status === 'succeeded');
  const sections = [
    ...section(
      '✅ Done and verified',
      succeeded.filter((task) => task.outcome?.verified && !isAnswered(task)),
      doneLine,
    ),
    ...section(
      '⚠️ Done, NOT verified',
      succeeded.filter((task) => !task.outcome?.verified && !isAnswered(task)),
      doneLine,
    ),
    ...section('💬 Answered', succeeded.filter(isAnswered), headOf),
    ...section(
      '❌ Failed',
      finished.filter(({ outcome }) => outcome?.status !== 'succeeded'),
      failedLine,
    ),
    ...section('❓ Waiting for you', waiting, waitingLine),
    ...section('🔄 Still open', open, (task) => dotted(headOf(task), taskStatus(task))),
  ];
  const heading = dotted(
    `**🌅 Since <t:${Math.floor(report.since.getTime() / 1000)}:f>**`,
    money(report.usd),
    counted(report.prompts, 'prompt'),
  );
  return listed(heading, sections.length === 0 ? ['Nothing finished, nothing waits, nothing is open.'] : sections);
}

function section(title: string, tasks: readonly TaskReport[], lineOf: (task: TaskReport) => string): string[] {
  return tasks.length === 0 ? [] : [`**${title}: ${tasks.length}**`, ...tasks.map(lineOf)];
}

function headOf({ id, agent, text }: TaskReport): string {
  return `${code(id)} ${voices[agent].sign} ${plainLine(text, mostOfText)}`;
}

function doneLine(task: TaskReport): string {
  return dotted(headOf(task), plainLine(task.outcome?.summary ?? '', mostOfReason));
}

function failedLine(task: TaskReport): string {
  const { outcome } = task;
  return dotted(headOf(task), outcome?.status ?? 'failed', plainLine(outcome?.reason ?? '', mostOfReason));
}

function waitingLine(task: TaskReport): string {
  const { question } = task;
  return dotted(
    headOf(task),
    question ? `${titles[question.kind]} ${code(question.id)}: see /pending` : 'see /pending',
  );
}
