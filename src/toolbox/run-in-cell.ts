import type { ToolManifest } from '../domain/tool.ts';
import type { ToolCells, ToolRunResult } from '../sandbox/cells.ts';
import type { ToolRunEnd } from './registry/as-own-tool.ts';
import { type CallOfTool, toolRunOf } from './tool-run.ts';

const longestReason = 2_000;

/** Runs a tool once in a cell of its own; never rejects. */
export async function runInCell(
  manifest: ToolManifest,
  call: CallOfTool,
  cells: ToolCells,
  signal: AbortSignal,
): Promise<ToolRunEnd> {
  return endOf(manifest, await cells.run(toolRunOf(manifest, call), signal));
}

/** What became of a call, from what was observed of its process. */
function endOf({ limits }: Pick<ToolManifest, 'limits'>, result: ToolRunResult): ToolRunEnd {
  const { exitCode, stdout, stderr, notStarted, timedOut, truncated, limit, aborted } = result;
  if (aborted) return { kind: 'aborted' };
  if (notStarted !== undefined) return { kind: 'failed', reason: `it could not be started: ${notStarted}` };
  if (timedOut) return { kind: 'over-limit', reason: `it took longer than ${limits.timeoutMs} ms` };
  if (truncated || limit === 'output')
    return { kind: 'over-limit', reason: `it printed more than ${limits.outputKb} KB` };
  if (limit !== undefined) return { kind: 'over-limit', reason: `it went beyond its limit of ${limit}` };
  if (exitCode !== 0) return { kind: 'failed', reason: reasonIn(stderr, exitCode) };
  try {
    return { kind: 'output', output: JSON.parse(stdout) };
  } catch {
    return {
      kind: 'wrong-output',
      reason: `it printed what is no JSON value: ${JSON.stringify(stdout.slice(0, 200))}`,
    };
  }
}

function reasonIn(stderr: string, exitCode: number | null): string {
  const said = stderr.trim().slice(0, longestReason);
  return said === '' ? `it ended with exit code ${exitCode ?? 'none'} and said nothing` : said;
}
