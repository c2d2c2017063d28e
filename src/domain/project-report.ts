import type { Criterion } from './answers/planning.ts';
import type { Ending, TaskOutcome, TaskStatus, TestOutcome } from './outcome.ts';
import type { PhaseRecord, Project } from './project.ts';

/** A criterion of a phase, and who says that it is met: `spiral` looked itself. */
export type JudgedCriterion = Pick<Criterion, 'criterion' | 'checkedBy'> & {
  readonly met: boolean;
  readonly by: 'spiral' | 'project-manager';
  readonly evidence: string;
};

export type PhaseOutcome = {
  readonly name: string;
  /** `open`: it was not come to, or the project ended in it. */
  readonly status: 'done' | 'skipped' | 'open';
  readonly attempts: number;
  readonly filesCreated: number;
  readonly filesModified: number;
  /** Of the last attempt; null when our tests were not run. */
  readonly tests: TestOutcome | null;
  readonly verified: boolean;
  readonly commit?: string;
};

/** What a project came to, from recorded outcomes alone; only `recommendations` are an opinion. */
export type ProjectReport = {
  readonly title: string;
  readonly status: TaskStatus;
  /** Every phase is done, and our own test run was green in the last one that had tests. */
  readonly verified: boolean;
  readonly reason?: string;
  readonly phases: readonly PhaseOutcome[];
  readonly tests: TestOutcome | null;
  readonly costUsd: number;
  readonly promptsUsed: number;
  readonly durationMs: number;
  readonly recommendations: readonly string[];
};

/**
 * The report of a project.
 *
 * @param outcomes of its tasks that are finished, by their ids
 */
export function projectReportOf(
  project: Project,
  ending: Ending,
  outcomes: ReadonlyMap<string, TaskOutcome>,
  used: Pick<ProjectReport, 'costUsd' | 'promptsUsed' | 'durationMs'>,
): ProjectReport {
  const phases = project.phases.map((record) => phaseOutcomeOf(record, outcomes));
  const tests = phases.findLast(({ tests: ran }) => ran !== null)?.tests ?? null;
  return {
    title: project.title,
    ...ending,
    verified: ending.verified && phases.every(({ status, verified }) => status === 'done' && verified),
    phases,
    tests,
    ...used,
    costUsd: Math.round(used.costUsd * 1e6) / 1e6,
    recommendations: [],
  };
}

/** Files are those of all attempts; tests and proof are those of the last. */
function phaseOutcomeOf(
  { phase, status, tasks, commit }: PhaseRecord,
  outcomes: ReadonlyMap<string, TaskOutcome>,
): PhaseOutcome {
  const attempts = tasks.flatMap((id) => outcomes.get(id) ?? []);
  const last = attempts.at(-1);
  const created = new Set(attempts.flatMap(({ filesCreated }) => filesCreated));
  const modified = new Set(attempts.flatMap(({ filesModified }) => filesModified).filter((path) => !created.has(path)));
  return {
    name: phase.name,
    status,
    attempts: tasks.length,
    filesCreated: created.size,
    filesModified: modified.size,
    tests: last?.tests ?? null,
    verified: last?.verified ?? false,
    ...(commit === undefined ? {} : { commit }),
  };
}

/** The outcome of the task that a project is: what its tasks did, taken together. */
export function outcomeOfProject(
  report: ProjectReport,
  outcomes: readonly TaskOutcome[],
  own: TaskOutcome,
): TaskOutcome {
  const created = new Set(outcomes.flatMap(({ filesCreated }) => filesCreated));
  const of = (paths: (outcome: TaskOutcome) => readonly string[]) => [...new Set(outcomes.flatMap(paths))];
  const done = report.phases.filter(({ status }) => status === 'done').length;
  return {
    ...own,
    status: report.status,
    verified: report.verified,
    ...(report.reason === undefined ? {} : { reason: report.reason }),
    filesCreated: [...created],
    filesModified: of(({ filesModified }) => filesModified).filter((path) => !created.has(path)),
    filesDeleted: of(({ filesDeleted }) => filesDeleted),
    commands: outcomes.flatMap(({ commands }) => commands),
    tests: report.tests,
    costUsd: report.costUsd,
    promptsUsed: report.promptsUsed,
    summary: `${done} of ${report.phases.length} phases done`,
  };
}
