import type { TestCounts, TestResult, TestRun } from '../../domain/test-run.ts';
import type { CommandResult } from '../../sandbox/sandbox.ts';
import type { Project } from './project.ts';
import type { Touched } from './trust/touched.ts';

/** One thing that a runner's report names as broken. */
export type FailedTest = { readonly name: string; readonly message: string };

export type TestCommand = {
  readonly program: string;
  readonly args: readonly string[];
  /** Added to the environment of the verification. */
  readonly environment?: Readonly<Record<string, string>>;
  /** As a person would type it, without what we add to get a report. */
  readonly shown: string;
};

/** What one run proves. */
export type Reading = TestCounts & {
  readonly evidence: TestRun['evidence'];
  readonly failedTests: readonly FailedTest[];
  /** Every test by its name, those that are listed as broken included; absent when the report does not name them all. */
  readonly tests?: readonly TestResult[];
  /** The runner itself said that there is nothing to run; its exit code then means nothing. */
  readonly saidNone?: boolean;
  /** The output for a person, when the command printed for machines. */
  readonly output?: string;
  /** The run proves nothing, neither good nor bad, for this reason; it is then not reported as a run. */
  readonly notRun?: string;
  /** Why this reading is not to be believed. */
  readonly doubts?: readonly string[];
  /** Programs of node that reported, as they were started. */
  readonly runners?: readonly string[];
};

/** Tests that a runner can run. */
export type Suite = {
  readonly kind: 'suite';
  /** @param results an empty folder outside the workspace for machine-readable results */
  command(results: string): Promise<TestCommand>;
  read(results: string, result: CommandResult): Promise<Reading>;
  /** Tests of the project that this suite leaves out, and why. */
  readonly gaps?: readonly string[];
  /** Why nothing that this suite reports is to be believed, known by looking. */
  readonly doubts?: readonly string[];
  /** When the runner lies where an agent can write. */
  readonly canary?: Canary;
};

/**
 * A tiny project of ours with one test that passes and one that fails, for a runner that lies where the agent can write. A
 * runner that does not report exactly these two proves nothing about any other project.
 */
export type Canary = {
  /** The runner as a person knows it; each is tried once in a verification. */
  readonly runner: string;
  /** Writes the project into an empty folder, with tests of these names. */
  prepare(folder: string, passing: string, failing: string): Promise<Pick<Suite, 'command' | 'read'>>;
};

/** Tests are there and cannot be run. */
export type Unrunnable = { readonly kind: 'unrunnable'; readonly reason: string };

/** Runs a short command that is no test, in the folder of the project, to learn what is installed. */
export type Probe = (
  program: string,
  args: readonly string[],
  environment?: Readonly<Record<string, string>>,
) => Promise<CommandResult>;

/** Recognises the tests of a project by looking, without running them; undefined when they are not its own. */
export type Detect = (project: Project, probe: Probe, touched: Touched) => Promise<Suite | Unrunnable | undefined>;

/** Evidence of a run that wrote no report. */
export const nothingRead: Reading = { passed: 0, failed: 0, skipped: 0, evidence: 'none', failedTests: [] };
