import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { FileChange } from '../../../src/domain/file-change.ts';
import type { TaskId } from '../../../src/domain/identifiers.ts';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { type VerificationReport, verifyWorkspace } from '../../../src/workspace/verification/verify-workspace.ts';
import type { ConfiguredTests } from '../../../src/workspace/workspace.ts';
import { plainRun } from '../../support/plain-sandbox.ts';

/** Generous: a first compilation on a busy machine is slow, and no test waits for it to pass. */
export const patienceMs = 120_000;

/** The folder of this repository, whose own packages some test projects borrow. */
const repository = join(import.meta.dirname, '../../..');

/** Their texts by their paths. */
export type Files = Readonly<Record<string, string>>;

/** Makes a workspace from the texts of its files, in a folder whose name would break careless quoting. */
export async function workspaceWith(files: Files): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'spiral work\'space "ü" ')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

export async function borrowPackages(workspace: string): Promise<void> {
  await symlink(join(repository, 'node_modules'), join(workspace, 'node_modules'));
}

export type Wish = {
  readonly changed?: readonly string[] | 'everything';
  readonly configured?: ConfiguredTests;
  readonly timeoutMs?: number;
  readonly path?: string;
  readonly signal?: AbortSignal;
  readonly environment?: Readonly<Record<string, string>>;
  readonly task?: TaskId;
  readonly run?: Sandbox['run'];
};

/** Verifies with the programs of this machine; `changed` are paths of modified files. */
export function verify(workspace: string, wish: Wish = {}): Promise<VerificationReport> {
  const { changed = [], configured, timeoutMs = patienceMs, path = process.env['PATH'] ?? '', signal } = wish;
  return verifyWorkspace({
    workspace,
    changed:
      changed === 'everything' ? changed : changed.map((name): FileChange => ({ path: name, change: 'modified' })),
    setting: { timeoutMs, memoryBytes: 4 * 1024 ** 3, processes: 512, ...(configured ? { configured } : {}) },
    ...(wish.task === undefined ? {} : { task: wish.task }),
    run: wish.run ?? plainRun,
    environment: { PATH: path, HOME: homedir(), ...wish.environment },
    signal: signal ?? new AbortController().signal,
  });
}

/** What a test compares: a run without what it printed. */
export function countsOf(report: VerificationReport) {
  return report.runs.map(({ command, directory, passed, failed, skipped, exitCode, evidence }) => ({
    command,
    directory,
    passed,
    failed,
    skipped,
    exitCode,
    evidence,
  }));
}
