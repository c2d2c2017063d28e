import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Isolation, ToolRun, ToolRunResult } from '../cells.ts';
import { isProgram } from '../processes/program.ts';
import { type CallPlace, environmentOf, withRealPaths } from './call-place.ts';
import { diskBytesOf, programFoldersInside } from './cell.ts';
import { inNamespaces, withLimits } from './namespaces.ts';
import { linkLeadingOut, type Permitted } from './permitted.ts';
import { toolCommand } from './programs.ts';
import { notStarted, runCall } from './run-call.ts';

type Reduced = Exclude<Isolation, 'bubblewrap'>;

/** Runs a call where bubblewrap does not work. What cannot be kept there has to be accepted, or the call is refused. */
export async function runReduced(
  place: CallPlace,
  isolation: Reduced,
  asked: ToolRun,
  signal?: AbortSignal,
): Promise<ToolRunResult> {
  const { setting, programs, permitted } = place;
  const isAccepted = asked.acceptsReducedIsolation ?? setting.acceptsReducedIsolation ?? false;
  const refusal = refusalOf(isolation, asked, permitted, isAccepted);
  if (refusal !== undefined) return notStarted(isolation, refusal);
  const ownScratch = permitted.scratch === undefined ? mkdtempSync(join(tmpdir(), 'spiral-scratch-')) : undefined;
  const scratch = permitted.scratch ?? ownScratch ?? tmpdir();
  try {
    const run = withRealPaths(asked, permitted);
    const tool = toolCommand(run, { ...programs, node: process.execPath }, { folder: run.folder, scratch });
    if (!tool || !isProgram(tool[0], run.folder, programFoldersInside))
      return notStarted(isolation, `${asked.program[0]} is not installed`);
    const [command, ...args] = isolation === 'namespaces' ? inNamespaces(run, tool) : withLimits(run, tool);
    const start = () =>
      place.start({
        command,
        args,
        env: { ...environmentOf(permitted, scratch), PATH: setting.searchPath ?? programFoldersInside },
        cwd: run.folder,
        purpose: run.purpose,
        taskId: run.taskId,
        ownsNamespace: false,
        resources: run.limits,
      });
    const disk = { folder: scratch, inside: scratch, bytes: diskBytesOf(run) };
    return await runCall({ start, run, isolation, disk }, signal);
  } finally {
    if (ownScratch !== undefined) rmSync(ownScratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

function refusalOf(
  isolation: Reduced,
  run: ToolRun,
  { folder, read, write, hosts }: Permitted,
  isAccepted: boolean,
): string | undefined {
  if (hosts.length > 0) return 'single hosts can be allowed only where bubblewrap works';
  const link = [folder, ...read, ...write].map(linkLeadingOut).find((path) => path !== undefined);
  if (link !== undefined) return `${link} leads out of what the tool may read`;
  if (isAccepted) return undefined;
  const cure = 'install bubblewrap, or accept it by name: [tools] without_sandbox = true';
  if (isolation === 'none') return `tools cannot be isolated on this machine: ${cure}`;
  if (run.program[0] !== 'node') return `only tools of Node can be kept from the files of this machine: ${cure}`;
  if (run.permissions.subprocess) return `programs that a tool starts cannot be isolated on this machine: ${cure}`;
  return undefined;
}
