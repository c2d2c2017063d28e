import { counted, duration } from '../../domain/amounts.ts';
import type { PhaseRecord, Position, Project } from '../../domain/project.ts';
import type { ProjectReport } from '../../domain/project-report.ts';
import type { ProjectTaskReport } from '../../spiral/reports.ts';
import { oneLine } from '../plain-text.ts';
import { projectReportLines as reportLines } from './project-report.ts';
import { statusOf } from './task-list.ts';
import { answersTo } from './waiting.ts';

const titleWidth = 48;
const width = 110;
const commitWidth = 10;

/** `spiral projects`: a line for each, newest first. */
export function projectLines(projects: readonly ProjectTaskReport[], now: number): string[] {
  if (projects.length === 0) return ['No projects yet. Begin one: spiral --agent pm "what is to be built"'];
  return projects.map((one) => {
    const age = `${duration(now - one.createdAt.getTime())} ago`.padEnd(16);
    return `${one.id}  ${age} ${oneLine(one.project.title, titleWidth).padEnd(titleWidth)}  ${standing(one, now)}`;
  });
}

/** `spiral projects show ID`: what is done, what goes on and what is left. */
export function projectDetails(one: ProjectTaskReport, now: number): string[] {
  const { id, text, workspace, project, tasks, question } = one;
  const left = project.phases.filter(({ status }) => status === 'open');
  return [
    `📋 ${oneLine(project.title, width)} (project ${id}, plan revision ${project.revision})`,
    `   Asked:     ${oneLine(text, 400)}`,
    `   Workspace: ${workspace}`,
    `   Stands:    ${standing(one, now)}`,
    ...(question ? [`   Question:  ${oneLine(question.text, 300)}`] : []),
    ...(question ? answersTo(question).map((line) => `      ${line}`) : []),
    '',
    ...project.phases.map(phaseLine),
    ...(left.length === 0 || one.state.kind === 'finished' ? [] : ['', `Left: ${namesOf(left)}`]),
    ...(tasks.length === 0
      ? []
      : ['', `Tasks: ${tasks.map((task) => `${task.id} (${statusOf(task, now)})`).join(', ')}`]),
    ...nextLines(one),
  ];
}

/** `spiral projects report ID`. Whether its cost was booked is not known here, so it is called an estimate unless told otherwise. */
export function projectReportLines(report: ProjectReport, { estimated = true, rehearsed = false } = {}): string[] {
  return reportLines(report, { estimated, rehearsed });
}

/** `2 of 5 phases done, now: review of Login`. */
function standing(one: ProjectTaskReport, now: number): string {
  const { project, state } = one;
  const done = project.phases.filter(({ status }) => status === 'done').length;
  const skipped = project.phases.filter(({ status }) => status === 'skipped').length;
  const counts = `${done} of ${counted(project.phases.length, 'phase')} done${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  if (state.kind === 'finished') return `${counts}, ${statusOf(one, now)}`;
  const at = state.kind === 'waiting' ? state.resume : state;
  const doing = at.kind === 'coordinating' ? `, now: ${deedOf(at.at, project)}` : '';
  const status = statusOf(one, now);
  const isRunning = one.driven && state.kind === 'coordinating' && !one.isHeld;
  return `${counts}${doing}${isRunning ? '' : ` (${status})`}`;
}

function deedOf(at: Position, { phases }: Project): string {
  const name = 'phase' in at ? oneLine(phases[at.phase]?.phase.name ?? '', titleWidth) : '';
  switch (at.kind) {
    case 'challenge':
      return 'the plan is challenged';
    case 'settle':
      return 'the challenges are settled';
    case 'revise':
      return 'the plan is revised';
    case 'approve':
      return 'approval of the plan';
    case 'assign':
    case 'develop':
      return `development of ${name}`;
    case 'review':
      return `review of ${name}`;
    case 'evaluate':
      return `evaluation of ${name}`;
    case 'escalate':
      return `your decision on ${name}`;
    case 'close':
      return 'the closing words';
  }
}

const signs = { done: '✅', skipped: '⏭️ ', open: '⬜' } as const;

function phaseLine({ phase, status, tasks, allowed, commit }: PhaseRecord, index: number): string {
  const facts = [
    status,
    ...(tasks.length === 0 ? [] : [`attempt ${tasks.length} of ${allowed}`]),
    ...(commit === undefined ? [] : [`commit ${oneLine(commit, commitWidth + 1).slice(0, commitWidth)}`]),
  ];
  return `${signs[status]} Phase ${index + 1}: ${oneLine(phase.name, 80)} - ${facts.join('; ')}`;
}

function namesOf(phases: readonly PhaseRecord[]): string {
  return phases.map(({ phase }) => oneLine(phase.name, titleWidth)).join(', ');
}

function nextLines({ id, state, driven, isHeld, question }: ProjectTaskReport): string[] {
  if (state.kind === 'finished')
    return ['', `What it came to: spiral projects report ${id} · build on it: spiral --project ${id} "…"`];
  if (question || (driven && !isHeld)) return [];
  return ['', `Go on with it: spiral projects continue ${id}`];
}
