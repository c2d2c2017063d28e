import { counted } from '../../domain/amounts.ts';
import type { PhaseOutcome, ProjectReport } from '../../domain/project-report.ts';
import { oneLine } from '../plain-text.ts';
import { numbered, section } from './listing.ts';
import { branchLines, costLine, type OutcomeSetting } from './outcome.ts';
import { counts } from './signs.ts';

const commitWidth = 10;

/** With `projectId` it is said how to look at it again. */
type ReportSetting = Pick<OutcomeSetting, 'rehearsed' | 'estimated' | 'branch'> & { readonly projectId?: string };

/** What a project came to: recorded outcomes, and at the end one opinion that is called so. */
export function projectReportLines(report: ProjectReport, setting: ReportSetting): string[] {
  const { title, phases, tests, recommendations, promptsUsed } = report;
  const done = phases.filter(({ status }) => status === 'done').length;
  return [
    `📊 PROJECT STATUS: ${oneLine(title, 80)}, ${done} of ${counted(phases.length, 'phase')} done`,
    ...phases.map(phaseLine),
    tests
      ? `- Tests: ${counts(tests)} (run by Spiral: ${tests.commands.map((command) => oneLine(command, 40)).join(', ')})`
      : '- Tests: none were run by Spiral',
    ...section(
      '🎯 DEPLOYMENT RECOMMENDATIONS (opinion of the project manager, not checked):',
      numbered(recommendations),
    ),
    '',
    `🔥 Prompts used: ${promptsUsed} (all agents together)`,
    costLine(report, setting),
    ...againLine(setting),
    closing(report),
  ];
}

function againLine({ projectId: id, branch }: ReportSetting): string[] {
  if (id === undefined) return [];
  return [
    ...(branch === undefined ? [] : branchLines(id, branch)),
    `📁 Look at it again: spiral projects show ${id} · build on it: spiral --project ${id} "…"`,
  ];
}

function phaseLine(phase: PhaseOutcome, index: number): string {
  const { name, status, attempts, verified, commit } = phase;
  const sign = status === 'done' ? '✅' : status === 'skipped' ? '⏭️ ' : '⬜';
  const head = `${sign} Phase ${index + 1}: ${oneLine(name, 80)}`;
  if (attempts === 0) return `${head} - not begun`;
  const facts = [
    ...(status === 'done' ? [] : [status === 'skipped' ? 'skipped' : 'not done']),
    filesOf(phase),
    phase.tests ? `tests: ${counts(phase.tests)}` : 'no tests were run',
    ...(verified ? [] : ['NOT verified']),
    counted(attempts, 'attempt'),
    ...(commit === undefined ? [] : [`commit ${oneLine(commit, commitWidth + 1).slice(0, commitWidth)}`]),
  ];
  return `${head} - ${facts.join('; ')}`;
}

function filesOf({ filesCreated, filesModified }: PhaseOutcome): string {
  const files = [
    ...(filesCreated > 0 ? [`${counted(filesCreated, 'file')} created`] : []),
    ...(filesModified > 0 ? [`${counted(filesModified, 'file')} modified`] : []),
  ];
  return files.join(', ') || 'no files changed';
}

function closing({ status, verified, reason, phases }: ProjectReport): string {
  if (status === 'succeeded' && verified) return '✨ Project completed!';
  const why = reason === undefined ? '' : `: ${oneLine(reason, 300)}`;
  if (status === 'cancelled') return `⚠️  Project stopped${why}`;
  if (status !== 'succeeded') return `⚠️  Project not completed (${status})${why}`;
  const skipped = phases.filter(({ status }) => status === 'skipped').length;
  const left = skipped === 0 ? '' : `, ${counted(skipped, 'phase')} skipped`;
  return `⚠️  Project ended, but NOT verified${left}${why}`;
}
