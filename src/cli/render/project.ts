import { counted } from '../../domain/amounts.ts';
import type { TaskOutcome } from '../../domain/outcome.ts';
import type { Project } from '../../domain/project.ts';
import { agentNames } from '../agent-names.ts';
import { agentSigns } from '../agent-signs.ts';
import { oneLine } from '../plain-text.ts';
import { breakdownLines } from './answers/plan.ts';
import { droppedLine, findingHead } from './answers/review.ts';
import { contradictionLines } from './evidence.ts';
import { nothing, working } from './live.ts';
import { projectReportLines } from './project-report.ts';
import { counts, mark, width } from './signs.ts';
import { type EventOf, type ProjectProgress, progressOf, type Rendered, type ScreenState } from './state.ts';

export type ProjectEvent = EventOf<
  | 'project.planned'
  | 'plan.challenged'
  | 'plan.settled'
  | 'phase.started'
  | 'phase.reviewed'
  | 'phase.evaluated'
  | 'phase.finished'
  | 'project.finished'
>;

const noProgress: ProjectProgress = { skipped: 0, isCoordinating: false, attempts: [], isReported: false };

/** What the events of a project said so far, for whoever shows the next ones. */
export function progressOfProject({ phases }: Project): ProjectProgress {
  return {
    ...noProgress,
    skipped: phases.filter(({ status }) => status === 'skipped').length,
    isCoordinating: phases.some(({ tasks }) => tasks.length > 0),
  };
}

const manager = `${agentSigns['project-manager']} ${agentNames['project-manager']}`;
const innovator = `${agentSigns['creative-innovator']} ${agentNames['creative-innovator']}`;
const decider = `${agentSigns['decision-maker']} ${agentNames['decision-maker']}`;
const reviewer = `${agentSigns['quality-assurance']} ${agentNames['quality-assurance']}`;
const mostObjections = 12;
const commitWidth = 10;

/** A project from its plan to its report. */
export function renderProject(event: ProjectEvent, state: ScreenState): Rendered {
  const project = state.project ?? noProgress;
  const next = (changed: Partial<ProjectProgress>): ScreenState => ({ ...state, project: { ...project, ...changed } });
  switch (event.type) {
    case 'project.planned':
      return progressOf(plannedLines(event, state), next({}));
    case 'plan.challenged':
      return progressOf(challengedLines(event), next({}));
    case 'plan.settled':
      return progressOf(settledLines(event), next({}));
    case 'phase.started':
      return progressOf(
        startedLines(event, project.isCoordinating),
        next({ isCoordinating: true, attempts: event.attempt === 1 ? [] : project.attempts }),
        working('Starting Claude Code'),
      );
    case 'phase.reviewed':
      return progressOf(reviewedLines(event), next({}));
    case 'phase.evaluated':
      return progressOf(evaluatedLines(event), next({}));
    case 'phase.finished': {
      const skipped = project.skipped + (event.status === 'skipped' ? 1 : 0);
      // Phases run one after another.
      const lines = finishedLines(event, project.attempts, event.number - skipped);
      return progressOf(lines, next({ skipped, isCoordinating: true, attempts: [] }), nothing);
    }
    case 'project.finished':
      return {
        progress: [''],
        result: projectReportLines(event.report, { ...state, projectId: event.projectId }),
        live: nothing,
        state: next({ isReported: true }),
      };
  }
}

/** The end of a developer's task within a project, observed; its whole report is shown by its own id. */
export function renderDevelopmentEnd({ taskId, outcome }: EventOf<'task.finished'>, state: ScreenState): Rendered {
  const project = state.project ?? noProgress;
  const { status, verified, reason, summary } = outcome;
  const sign = status !== 'succeeded' ? '❌' : verified ? '✅' : '⚠️ ';
  const why = reason === undefined ? '' : ` (${oneLine(reason, width)})`;
  const ended = status === 'succeeded' ? (verified ? '' : ', not verified') : `, ${status}`;
  return progressOf(
    [
      `${sign} Dev Agent: ${summary}${ended}${why} - task ${taskId}`,
      ...contradictionLines(outcome).map((line) => `⚠️  ${line}`),
    ],
    { ...state, project: { ...project, attempts: [...project.attempts, outcome] } },
    nothing,
  );
}

function plannedLines({ title, revision, phases }: EventOf<'project.planned'>, { asked }: ScreenState): string[] {
  return [
    // Only its answer told that there is something to build.
    ...(asked?.question === 'analysis-or-plan' ? ['🤔 Breaking down into development phases...'] : []),
    '',
    `📋 PROJECT BREAKDOWN: ${oneLine(title, 80)}${revision === 1 ? '' : ` (revision ${revision})`}`,
    ...breakdownLines(phases),
    '',
  ];
}

function challengedLines({ challenges }: EventOf<'plan.challenged'>): string[] {
  if (challenges.length === 0) return [`${innovator}: nothing to challenge`];
  return [
    `${innovator}: ${counted(challenges.length, 'challenge')} to the plan`,
    ...challenges.flatMap(({ about, challenge, instead }, index) => [
      `   ${index + 1}. ${oneLine(about, 60)}: ${oneLine(challenge, width)}`,
      `      Instead: ${oneLine(instead, width)}`,
    ]),
  ];
}

function settledLines({ rulings }: EventOf<'plan.settled'>): string[] {
  return [
    `${decider}: ${rulings.filter(({ accepted }) => accepted).length} of ${rulings.length} accepted`,
    ...rulings.map(
      ({ accepted, reason }, index) =>
        `   ${index + 1}. ${accepted ? 'accepted' : 'rejected'}: ${oneLine(reason, width)}`,
    ),
  ];
}

function startedLines(event: EventOf<'phase.started'>, isCoordinating: boolean): string[] {
  const { number, attempt, developmentTask } = event;
  const phase = oneLine(event.phase, 80);
  return [
    ...(isCoordinating ? [] : ['', '🔄 Coordinating with Development Agent...']),
    '',
    attempt === 1
      ? `📝 Assigning Phase ${number} to Dev Agent: ${phase}`
      : `🔁 Back to Dev Agent with Phase ${number}, attempt ${attempt}: ${phase}`,
    attempt === 1
      ? `🤖 Dev Agent: Starting autonomous work via Claude Code... (task ${developmentTask})`
      : `🤖 Dev Agent: Continuing with what was found... (task ${developmentTask})`,
  ];
}

function reviewedLines({ verdict, reason, findings, dropped }: EventOf<'phase.reviewed'>): string[] {
  return [
    `${reviewer}: ${mark(verdict === 'passed')} ${verdict}: “${oneLine(reason, width)}”`,
    ...findings.flatMap((finding, index) => [
      `   ${findingHead(finding, index)}`,
      `      Recommendation: ${oneLine(finding.recommendation, width)}`,
    ]),
    ...droppedLine(dropped).map((line) => `   ${line}`),
  ];
}

const looks = { tests: 'tests', file: 'file', review: 'review' } as const;

function evaluatedLines({ criteria, isDone, objections }: EventOf<'phase.evaluated'>): string[] {
  const more = objections.length - mostObjections;
  return [
    `${manager}: ${isDone ? 'the phase is done' : 'the phase is not done yet'}`,
    ...criteria.map(({ criterion, checkedBy, met, by, evidence }) => {
      const said = oneLine(evidence, width);
      const who = by === 'spiral' ? `Spiral looked: ${said}` : `judged by the project manager: “${said}”`;
      return `   ${mark(met)} ${oneLine(criterion, width)} [${looks[checkedBy]}] ${who}`;
    }),
    ...objections.slice(0, mostObjections).map((line) => `   ↩️  ${oneLine(line.replace(/^- /, ''), width)}`),
    ...(more > 0 ? [`   … and ${more} more`] : []),
  ];
}

function finishedLines(event: EventOf<'phase.finished'>, outcomes: readonly TaskOutcome[], done: number): string[] {
  const { number, of, status, attempts, commit } = event;
  const progress = `📊 ${done} of ${counted(of, 'phase')} done`;
  const phase = `Phase ${number}`;
  if (status === 'skipped') {
    return [
      `⏭️  ${phase} skipped after ${counted(attempts, 'attempt')}, as it is: ${oneLine(event.phase, 80)}`,
      progress,
    ];
  }
  const facts = [
    ...observedOf(outcomes),
    ...(attempts === 1 ? [] : [counted(attempts, 'attempt')]),
    ...(commit === undefined ? [] : [`commit ${oneLine(commit, commitWidth + 1).slice(0, commitWidth)}`]),
  ];
  return [`✅ Dev Agent: ${phase} complete - ${facts.join('; ') || oneLine(event.phase, 80)}`, progress];
}

/** Files of all attempts and tests of the last one: observed, never told. */
function observedOf(outcomes: readonly TaskOutcome[]): string[] {
  const last = outcomes.at(-1);
  if (!last) return [];
  const created = new Set(outcomes.flatMap(({ filesCreated }) => filesCreated));
  const modified = new Set(outcomes.flatMap(({ filesModified }) => filesModified).filter((path) => !created.has(path)));
  const files = [
    ...(created.size > 0 ? [`${counted(created.size, 'file')} created`] : []),
    ...(modified.size > 0 ? [`${counted(modified.size, 'file')} modified`] : []),
  ];
  return [
    files.join(', ') || 'no files changed',
    last.tests ? `tests: ${counts(last.tests)}` : 'no tests were run',
    ...(last.verified ? [] : ['NOT verified']),
  ];
}
