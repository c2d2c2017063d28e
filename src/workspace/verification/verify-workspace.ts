import { realpath } from 'node:fs/promises';
import type { FileChange } from '../../domain/file-change.ts';
import type { TestRun, TestsNotRun } from '../../domain/test-run.ts';
import type { CommandResult, Sandbox } from '../../sandbox/sandbox.ts';
import type { VerificationSetting } from '../workspace.ts';
import type { ProjectKind } from './manifests.ts';
import type { Project } from './project.ts';
import { chooseProjects } from './projects.ts';
import type { Detect, FailedTest, Probe, Suite, TestCommand, Unrunnable } from './runner.ts';
import { cargo } from './runners/cargo.ts';
import { configuredSuite } from './runners/configured.ts';
import { go } from './runners/go.ts';
import { nodeTest } from './runners/node-test.ts';
import { nodeTool } from './runners/node-tool.ts';
import { packageScript } from './runners/package-script.ts';
import { python } from './runners/python.ts';
import { withTemporaryFolder } from './temporary-folder.ts';

export type Verification = {
  /** Absolute. */
  readonly workspace: string;
  readonly changed: readonly FileChange[];
  readonly setting: VerificationSetting;
  readonly run: Sandbox['run'];
  /** The whole environment of the tests, before what makes their runners report. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
};

/** A run with the broken tests that its report names. */
type VerifiedRun = TestRun & { readonly failedTests: readonly FailedTest[] };

export type VerificationReport = { readonly runs: readonly VerifiedRun[]; readonly notRun: readonly TestsNotRun[] };

/** In the order in which they are asked; the first that recognises the tests of a project runs them. */
const runners: Readonly<Record<ProjectKind, readonly Detect[]>> = {
  node: [packageScript, nodeTool, nodeTest],
  python: [python],
  rust: [cargo],
  go: [go],
};

const capturedBytes = 4 * 1024 * 1024;
const keptCharacters = 1024 * 1024;
const probeTimeoutMs = 30_000;

/**
 * Runs the tests of the projects that a change touches, one project after another, and reads what their runners report.
 * `setting.timeoutMs` holds for every test command by itself.
 *
 * An abort ends the running command; the report then names the tests that were stopped as not run, so that it can never be
 * taken for a passed one. Rejects only when the workspace itself, or our temporary folder, cannot be used.
 */
export async function verifyWorkspace(verification: Verification): Promise<VerificationReport> {
  const workspace = await realpath(verification.workspace);
  const { configured } = verification.setting;
  if (configured) {
    const suite = await configuredSuite(workspace, configured);
    return runSuite(verification, { directory: '.', path: workspace }, suite);
  }

  const { projects, notRun } = await chooseProjects(workspace, verification.changed);
  const reports: VerificationReport[] = [];
  for (const project of projects) {
    const found = await detect(project, probeIn(verification, project));
    if (found) reports.push(await runSuite(verification, project, found));
  }
  return {
    runs: reports.flatMap((report) => report.runs),
    notRun: [...reports.flatMap((report) => report.notRun), ...notRun],
  };
}

async function detect(project: Project, probe: Probe): Promise<Suite | Unrunnable | undefined> {
  for (const runner of runners[project.kind]) {
    const found = await runner(project, probe);
    if (found) return found;
  }
  return undefined;
}

type Place = Pick<Project, 'directory' | 'path'>;

async function runSuite(
  verification: Verification,
  place: Place,
  suite: Suite | Unrunnable,
): Promise<VerificationReport> {
  const { directory } = place;
  if (verification.signal.aborted) return stopped(directory);
  if (suite.kind === 'unrunnable') return { runs: [], notRun: [{ directory, reason: suite.reason }] };

  return withTemporaryFolder(async (results) => {
    const command = await suite.command(results);
    const result = await launch(verification, place, command, verification.setting.timeoutMs);
    if (result.aborted || verification.signal.aborted) return stopped(directory);
    if (result.notStarted !== undefined) {
      return {
        runs: [],
        notRun: [{ directory, reason: `\`${command.shown}\` could not be started: ${result.notStarted}` }],
      };
    }
    const reading = await suite.read(results, result);
    const gaps = (suite.gaps ?? []).map((reason) => ({ directory, reason }));
    if (reading.notRun !== undefined) return { runs: [], notRun: [{ directory, reason: reading.notRun }, ...gaps] };
    const run: VerifiedRun = {
      command: command.shown,
      directory,
      exitCode: reading.saidNone ? 0 : result.exitCode,
      timedOut: result.timedOut,
      evidence: reading.evidence,
      passed: reading.passed,
      failed: reading.failed,
      skipped: reading.skipped,
      output: kept(reading.output ?? result.output),
      failedTests: reading.failedTests,
    };
    return { runs: [run], notRun: gaps };
  });
}

function stopped(directory: string): VerificationReport {
  return { runs: [], notRun: [{ directory, reason: 'the tests were stopped before their end' }] };
}

function probeIn(verification: Verification, place: Place): Probe {
  return (program, args, environment = {}) =>
    launch(verification, place, { program, args, environment, shown: program }, probeTimeoutMs);
}

function launch(
  { run, environment, signal }: Verification,
  place: Place,
  command: TestCommand,
  timeoutMs: number,
): Promise<CommandResult> {
  return run(
    {
      command: command.program,
      args: command.args,
      cwd: place.path,
      env: merged(environment, command.environment ?? {}),
      purpose: `tests in ${place.directory}`,
    },
    { timeoutMs, outputBytes: capturedBytes },
    signal,
  );
}

/** Options of node that are there already stay. A test runner around us must not be taken for the one that we start. */
function merged(
  given: Readonly<Record<string, string>>,
  added: Readonly<Record<string, string>>,
): Record<string, string> {
  const { NODE_TEST_CONTEXT: _ours, ...environment } = given;
  const options = [given['NODE_OPTIONS'], added['NODE_OPTIONS']].filter((text) => text !== undefined && text !== '');
  return { ...environment, ...added, ...(options.length > 0 ? { NODE_OPTIONS: options.join(' ') } : {}) };
}

function kept(output: string): string {
  if (output.length <= keptCharacters) return output;
  const half = keptCharacters / 2;
  return `${output.slice(0, half)}\n… ${output.length - keptCharacters} characters left out …\n${output.slice(-half)}`;
}
