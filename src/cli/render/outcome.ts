import { duration, money } from '../../domain/amounts.ts';
import type { TaskOutcome } from '../../domain/outcome.ts';
import { estimate } from '../amounts.ts';
import { oneLine } from '../plain-text.ts';
import { contradictionLines, linesOf, missingLine, qualityLine } from './evidence.ts';
import { counts, failureOf, mark, width } from './signs.ts';

const listed = 15;

/** What is known of a task beside its outcome. */
export type OutcomeSetting = {
  readonly promptLimit: number;
  readonly rehearsed: boolean;
  /** Its cost was not booked request by request. */
  readonly estimated: boolean;
  /** The work lies on a branch of a repository. */
  readonly branch?: string;
};

/** The report of a finished task. */
export function outcomeLines(taskId: string, outcome: TaskOutcome, setting: OutcomeSetting): string[] {
  const { tests, baseline, missingTests = [], quality } = outcome;
  const file = (deed: string) => (path: string) => {
    const lines = linesOf(outcome, path);
    return `- ${deed} ${oneLine(path, width)}${lines === '' ? '' : ` (${lines})`}`;
  };
  return [
    '📊 Results from Claude Code:',
    ...some(outcome.filesCreated, file('Created'), 'files created'),
    ...some(outcome.filesModified, file('Modified'), 'files modified'),
    ...some(outcome.filesDeleted, file('Deleted'), 'files deleted'),
    ...(outcome.filesCreated.length + outcome.filesModified.length + outcome.filesDeleted.length === 0
      ? ['- No files changed']
      : []),
    ...some(
      outcome.commands,
      (ran) => `- Executed: ${oneLine(ran.command, 70)} ${mark(ran.success)}${ran.success ? '' : ` ${failureOf(ran)}`}`,
      'commands executed',
    ),
    ...(baseline ? [`- Tests before the work: ${counts(baseline)}`] : []),
    tests
      ? `- Tests: ${counts(tests)} (run by Spiral: ${tests.commands.map((command) => oneLine(command, 40)).join(', ')})`
      : '- Tests: none were run by Spiral',
    ...missingTests.map((missing) => `🕳️  ${missingLine(missing)}`),
    ...(outcome.claim ? [`- Claude Code says (not checked): “${oneLine(outcome.claim, width)}”`] : []),
    ...contradictionLines(outcome).map((line) => `⚠️  ${line}`),
    '',
    `🔥 Prompts used: ${outcome.promptsUsed}/${setting.promptLimit} (Claude Code handled the complexity)`,
    ...(quality ? [`📐 Quality: ${qualityLine(quality)}`] : []),
    costLine(outcome, setting),
    ...(setting.branch ? branchLines(taskId, setting.branch) : []),
    ...closing(taskId, outcome),
  ];
}

/** How long it took and what was paid for it. */
export function costLine(
  { durationMs, costUsd }: Pick<TaskOutcome, 'durationMs' | 'costUsd'>,
  setting: Pick<OutcomeSetting, 'rehearsed' | 'estimated'>,
): string {
  return `⏱️  ${duration(durationMs)} · ${cost(costUsd, setting)}`;
}

function cost(usd: number, { rehearsed, estimated }: Pick<OutcomeSetting, 'rehearsed' | 'estimated'>): string {
  if (rehearsed) return 'no money was spent: the model is rehearsed';
  return estimated ? estimate(usd) : money(usd);
}

/** Where the work for a repository lies, and how to take it. */
export function branchLines(taskId: string, branch: string): string[] {
  return [`🌿 On branch ${branch}. Look: spiral tasks diff ${taskId} · take it: spiral tasks merge ${taskId}`];
}

function closing(taskId: string, { status, verified, reason }: TaskOutcome): string[] {
  const why = reason ? oneLine(reason, 300) : status;
  if (status === 'succeeded' && verified) return ['✨ Task completed successfully via Claude Code!'];
  const details = `details: spiral tasks show ${taskId} --output`;
  if (status === 'succeeded') return [`⚠️  Task completed, but NOT verified: ${why} - ${details}`];
  if (status === 'cancelled') return [`⚠️  Task cancelled - ${details}`];
  return [`⚠️  Task completed with issues (${status}): ${why} - ${details}`];
}

function some<Item>(items: readonly Item[], line: (item: Item) => string, what: string): string[] {
  const shown = items.slice(0, listed).map(line);
  const rest = items.length - shown.length;
  return rest > 0 ? [...shown, `- … and ${rest} more ${what}`] : shown;
}
