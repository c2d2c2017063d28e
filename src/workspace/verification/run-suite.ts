import type { TestResult } from '../../domain/test-run.ts';
import type { CommandResult } from '../../sandbox/sandbox.ts';
import type { Launcher } from './launcher.ts';
import type { Project } from './project.ts';
import type { Reading, Suite, TestCommand, Unrunnable } from './runner.ts';
import { withTemporaryFolder } from './temporary-folder.ts';
import { nodeCanary } from './trust/node-canary.ts';
import type { TryCanary } from './trust/try-canary.ts';
import type { VerificationReport, VerifiedRun } from './verify-workspace.ts';

export type Place = Pick<Project, 'directory' | 'path'>;

export type FoundSuite = Suite | Unrunnable;

export type SuiteSetting = {
  readonly launch: Launcher;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly tryCanary: TryCanary;
  /** Settings in the home that could steer any run. */
  readonly planted: () => Promise<readonly string[]>;
};

const keptCharacters = 1024 * 1024;
const longestDoubt = 500;

/** Runs the tests of one project and reads their report. */
export async function runSuite(place: Place, suite: FoundSuite, setting: SuiteSetting): Promise<VerificationReport> {
  const { directory } = place;
  if (setting.signal.aborted) return stopped(directory);
  if (suite.kind === 'unrunnable') return { runs: [], notRun: [{ directory, reason: suite.reason }] };

  return withTemporaryFolder(async (results) => {
    const command = await suite.command(results);
    const result = await setting.launch(place, command, setting.timeoutMs, [results]);
    if (result.aborted || setting.signal.aborted) return stopped(directory);
    if (result.notStarted !== undefined) {
      const reason = `\`${command.shown}\` could not be started: ${result.notStarted}`;
      return { runs: [], notRun: [{ directory, reason }] };
    }
    const reading = await suite.read(results, result);
    const gaps = (suite.gaps ?? []).map((reason) => ({ directory, reason }));
    if (reading.notRun !== undefined) return { runs: [], notRun: [{ directory, reason: reading.notRun }, ...gaps] };
    const run = runOf(directory, command, result, reading);
    const distrusted = await doubtOf(run, suite, reading, setting);
    return { runs: [distrusted === undefined ? run : { ...run, distrusted }], notRun: gaps };
  });
}

/** A run that was stopped before its end: it is neither green nor red. */
export function stopped(directory: string): VerificationReport {
  return { runs: [], notRun: [{ directory, reason: 'the tests were stopped before their end' }] };
}

function runOf(directory: string, command: TestCommand, result: CommandResult, reading: Reading): VerifiedRun {
  return {
    command: command.shown,
    directory,
    exitCode: reading.saidNone ? 0 : result.exitCode,
    timedOut: result.timedOut,
    evidence: reading.evidence,
    passed: reading.passed,
    failed: reading.failed,
    skipped: reading.skipped,
    output: kept(reading.output ?? result.output),
    ...(reading.tests ? { tests: reading.tests.map((test) => namedIn(directory, test)) } : {}),
    ...(result.limit === undefined ? {} : { limit: result.limit }),
    failedTests: reading.failedTests,
  };
}

function namedIn(directory: string, { name, outcome }: TestResult): TestResult {
  return { name: directory === '.' ? name : `${directory}/: ${name}`, outcome };
}

/** Why a green run is not to be believed. What is red is believed: nobody lies to fail. */
async function doubtOf(
  run: VerifiedRun,
  suite: Suite,
  reading: Reading,
  { tryCanary, planted }: SuiteSetting,
): Promise<string | undefined> {
  if (run.exitCode !== 0 || run.timedOut || run.failed > 0 || run.evidence === 'none') return undefined;
  const seen = [...(suite.doubts ?? []), ...(reading.doubts ?? []), ...(await planted())];
  if (seen.length > 0) return seen.join('; ').slice(0, longestDoubt);
  const used = [suite.canary, ...(reading.runners ?? []).map((path) => nodeCanary(path))];
  for (const canary of used) {
    const doubt = canary ? await tryCanary(canary) : undefined;
    if (doubt !== undefined) return doubt;
  }
  return undefined;
}

function kept(output: string): string {
  if (output.length <= keptCharacters) return output;
  const half = keptCharacters / 2;
  return `${output.slice(0, half)}\n… ${output.length - keptCharacters} characters left out …\n${output.slice(-half)}`;
}
