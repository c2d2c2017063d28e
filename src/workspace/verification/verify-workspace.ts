import { realpath } from 'node:fs/promises';
import type { FileChange } from '../../domain/file-change.ts';
import type { TaskId } from '../../domain/identifiers.ts';
import type { TestReport, TestRun } from '../../domain/test-run.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { VerificationSetting } from '../workspace.ts';
import { type LaunchSetting, launcher } from './launcher.ts';
import type { ProjectKind } from './manifests.ts';
import type { Project } from './project.ts';
import { chooseProjects } from './projects.ts';
import { type FoundSuite, type Place, runSuite, stopped } from './run-suite.ts';
import type { Detect, FailedTest, Probe } from './runner.ts';
import { cargo } from './runners/cargo.ts';
import { configuredSuite } from './runners/configured.ts';
import { go } from './runners/go.ts';
import { nodeTest } from './runners/node-test.ts';
import { nodeTool } from './runners/node-tool.ts';
import { packageScript } from './runners/package-script.ts';
import { python } from './runners/python.ts';
import { plantedSettings } from './trust/environment.ts';
import { type Touched, touchedBy } from './trust/touched.ts';
import { canaries } from './trust/try-canary.ts';

export type Verification = {
  /** Absolute. */
  readonly workspace: string;
  readonly task?: TaskId;
  /** What the task has touched so far. `everything`: every project, of which nothing is known to be the person's own. */
  readonly changed: readonly FileChange[] | 'everything';
  readonly setting: VerificationSetting;
  readonly run: Sandbox['run'];
  /** The whole environment of the tests, before what makes their runners report. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
};

/** A run with the broken tests that its report names. */
export type VerifiedRun = TestRun & { readonly failedTests: readonly FailedTest[] };

export type VerificationReport = TestReport & { readonly runs: readonly VerifiedRun[] };

/** In the order in which they are asked; the first that recognises the tests of a project runs them. */
const runners: Readonly<Record<ProjectKind, readonly Detect[]>> = {
  node: [packageScript, nodeTool, nodeTest],
  python: [python],
  rust: [cargo],
  go: [go],
};

const probeTimeoutMs = 30_000;

/**
 * Runs the tests of the projects that a change touches, one project after another, and reads what their runners report.
 * `setting.timeoutMs` holds for every test command by itself. A run that is green is distrusted where what ran the tests may
 * have been changed by the task: its settings, its scripts, or the runner itself, which is tried on a project of our own.
 *
 * An abort ends the running command; the report then names the tests that were stopped as not run, so that it can never be
 * taken for a passed one. Rejects only when the workspace itself, or our temporary folder, cannot be used.
 */
export async function verifyWorkspace(verification: Verification): Promise<VerificationReport> {
  const workspace = await realpath(verification.workspace);
  const { changed, signal, setting } = verification;
  const launch = launcher({ ...verification, workspace } satisfies LaunchSetting);
  const touched = touchedBy(workspace, changed);
  const tryCanary = canaries(launch, setting.timeoutMs);
  const planted = once(() => plantedSettings(launch, workspace));
  const test = (place: Place, found: FoundSuite) =>
    runSuite(place, found, { launch, timeoutMs: setting.timeoutMs, signal, tryCanary, planted });

  if (setting.configured) {
    const place = { directory: '.', path: workspace };
    return { ...(await test(place, await configuredSuite(workspace, setting.configured, touched))), lookedAt: ['.'] };
  }

  const { projects, notRun, lookedAt } = await chooseProjects(workspace, changed);
  const reports: VerificationReport[] = [];
  for (const project of projects) {
    if (signal.aborted) {
      reports.push(stopped(project.directory));
      continue;
    }
    const probe: Probe = (program, args, environment = {}) =>
      launch(project, { program, args, environment, shown: program }, probeTimeoutMs);
    const found = await detect(project, probe, touched);
    if (found) reports.push(await test(project, found));
  }
  return {
    runs: reports.flatMap((report) => report.runs),
    notRun: [...reports.flatMap((report) => report.notRun), ...notRun],
    ...(lookedAt ? { lookedAt } : {}),
  };
}

async function detect(project: Project, probe: Probe, touched: Touched): Promise<FoundSuite | undefined> {
  for (const runner of runners[project.kind]) {
    const found = await runner(project, probe, touched);
    if (found) return found;
  }
  return undefined;
}

function once<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let answer: Promise<Answer> | undefined;
  return () => (answer ??= ask());
}
