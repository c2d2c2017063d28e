import { lstat, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { ConfiguredTests } from '../../workspace.ts';
import { textOf } from '../reading/bounded-file.ts';
import { junitLimitBytes, readJunit } from '../reading/junit.ts';
import { nothingRead, type Suite, type Unrunnable } from '../runner.ts';
import { touchedScripts } from '../trust/configured-scripts.ts';
import type { Touched } from '../trust/touched.ts';
import { isWithin } from '../trust/within.ts';

/** File systems keep times more coarsely than the clock; a report from an earlier run is further away than this. */
const clockToleranceMs = 2000;

/**
 * The command that a person configured, by the shell and in the workspace. Its exit code decides; a JUnit report adds the
 * counts when this very run wrote it.
 *
 * @param workspace absolute, without symlinks
 */
export async function configuredSuite(
  workspace: string,
  configured: ConfiguredTests,
  touched: Touched,
): Promise<Suite | Unrunnable> {
  const { command, junit } = configured;
  const report = junit === undefined ? undefined : resolve(workspace, junit);
  if (report !== undefined && !(await staysInside(workspace, report))) {
    return { kind: 'unrunnable', reason: `the configured test report ${junit} leaves the workspace` };
  }
  const before = report === undefined ? undefined : await stateOf(report);
  const startedAt = Date.now();
  const scripts = await touchedScripts(workspace, command, touched);
  return {
    kind: 'suite',
    command: async () => ({ program: 'sh', args: ['-c', command], shown: command }),
    doubts: scripts.map((path) => `\`${command}\` runs ${path}, which was changed in this task`),
    async read() {
      const byExitCode = { ...nothingRead, evidence: 'exit-code' } as const;
      if (report === undefined) return byExitCode;
      if (!(await staysInside(workspace, report))) {
        return { ...byExitCode, notRun: `the configured test report ${junit} leaves the workspace` };
      }
      const after = await stateOf(report);
      const isFresh =
        after !== undefined && after.identity !== before?.identity && after.modifiedMs >= startedAt - clockToleranceMs;
      const read = isFresh ? readJunit((await textOf(report, junitLimitBytes)) ?? '') : undefined;
      return read ? { ...read.counts, ...read, evidence: 'report' } : byExitCode;
    },
  };
}

/** Whether a path lies in the workspace after every link on the way to it, as far as the way exists. */
async function staysInside(workspace: string, path: string): Promise<boolean> {
  if (!isWithin(workspace, path)) return false;
  for (let existing = path; isWithin(workspace, existing); existing = dirname(existing)) {
    const real = await realPathOf(existing);
    if (real !== undefined) return real === workspace || isWithin(workspace, real);
    if (await isLink(existing)) return false; // A link that leads nowhere yet may lead anywhere later.
  }
  return true;
}

async function realPathOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch {
    return undefined;
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch {
    return false;
  }
}

/** What changes when a file is written again, even within one tick of the clock. */
async function stateOf(path: string): Promise<{ identity: string; modifiedMs: number } | undefined> {
  try {
    const { ino, size, mtimeNs, ctimeNs, mtimeMs } = await stat(path, { bigint: true });
    return { identity: [ino, size, mtimeNs, ctimeNs].join(' '), modifiedMs: Number(mtimeMs) };
  } catch {
    return undefined;
  }
}
