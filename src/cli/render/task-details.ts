import { duration } from '../../domain/amounts.ts';
import type { Insight } from '../../domain/insights.ts';
import { isAnswered } from '../../domain/task.ts';
import type { TaskReport } from '../../spiral/reports.ts';
import { oneLine, plainText } from '../plain-text.ts';
import { answerLines } from './answers/answer.ts';
import { contradictionLines, linesOf, missingLine, qualityParts } from './evidence.ts';
import { counts, mark } from './signs.ts';
import { costOf, type ListSetting, statusOf, troubleOf } from './task-list.ts';
import { answersTo } from './waiting.ts';

type Detail = readonly [name: string, value: string];

/** `spiral tasks show ID`. */
export function detailLines(task: TaskReport, setting: ListSetting): string[] {
  return [
    ...detailsOf(task, setting).map(([name, value]) => `${name.padEnd(10)} ${value}`),
    ...(task.answered ? ['', ...answerLines(task.answered.answer), '', ...insightLines(task.answered.insights)] : []),
    '',
    `Everything that was printed: spiral tasks show ${task.id} --output`,
  ];
}

function detailsOf(task: TaskReport, setting: ListSetting): Detail[] {
  const { outcome, question, repository } = task;
  const trouble = troubleOf(task, setting.now);
  return [
    ['Task', `${task.id} (${task.agent}, ${task.model})`],
    ['Status', statusOf(task, setting.now)],
    ...one('Trouble', trouble),
    ...one('Reason', outcome?.reason === undefined ? undefined : oneLine(outcome.reason, 300)),
    ...(question ? [['Question', oneLine(question.text, 300)] satisfies Detail] : []),
    ...(question ? answersTo(question).map((line): Detail => ['', line]) : []),
    ['Asked', oneLine(task.text, 400)],
    ...one('Continues', task.continues && `task ${task.continues}`),
    ['Workspace', task.workspace],
    ...one('Repository', repository && `${repository.path}, branch ${repository.branch}`),
    ...one('Night', task.night && `${task.night.name}: unattended until ${task.night.deadline}`),
    ['Prompts', `${task.promptsUsed} of ${task.promptLimit}`],
    ['Cost', task.origin === 'demo' ? 'none: the model is rehearsed' : costOf(task, setting)],
    ...(outcome
      ? isAnswered(task)
        ? [['Took', duration(outcome.durationMs)] satisfies Detail]
        : observed(outcome)
      : []),
  ];
}

/** What can be taken from an answer, a line each. */
function insightLines(insights: readonly Insight[]): string[] {
  const lines = insights.map(
    ({ kind, text, weight }) =>
      `- ${kind.replace('-', ' ')}${weight === undefined ? '' : ` (${weight})`}: ${oneLine(text, 200)}`,
  );
  return lines.length === 0 ? [] : ['🔎 What can be taken from it:', ...lines];
}

function observed(outcome: NonNullable<TaskReport['outcome']>): Detail[] {
  const { claim, baseline, missingTests = [], quality } = outcome;
  const file = (deed: string) => (path: string) => `${deed} ${plainText(path)}  ${linesOf(outcome, path)}`.trimEnd();
  const files = [
    ...outcome.filesCreated.map(file('created')),
    ...outcome.filesModified.map(file('modified')),
    ...outcome.filesDeleted.map(file('deleted')),
  ];
  return [
    ['Took', duration(outcome.durationMs)],
    ['Observed', outcome.summary],
    ...list('Files', files),
    ...list(
      'Commands',
      outcome.commands.map(({ command, success }) => `${mark(success)} ${oneLine(command, 100)}`),
    ),
    ...one('Before', baseline && `${counts(baseline)} (the tests before the work)`),
    ...list('Missing', missingTests.map(missingLine)),
    ...one('Claimed', claim && `“${oneLine(claim, 300)}” (not checked)`),
    ...contradictionLines(outcome).map((line): Detail => ['', `⚠️  ${line}`]),
    ...list('Quality', quality ? qualityParts(quality) : []),
  ];
}

function one(name: string, value: string | undefined): Detail[] {
  return value ? [[name, value]] : [];
}

function list(name: string, values: readonly string[]): Detail[] {
  return values.map((value, index) => [index === 0 ? name : '', value]);
}
