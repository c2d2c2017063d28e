import type { GateRow } from '../../domain/gate-report.ts';
import type { ToolManifest } from '../../domain/tool.ts';
import type { MadeCall } from './calls.ts';
import { shown } from './finding.ts';
import { checked, counted } from './row.ts';

/** Every call of the whole proof had to stay within the limits that the manifest gives itself. */
export function rowOfLimits({ limits }: Pick<ToolManifest, 'limits'>, made: readonly MadeCall[]): GateRow {
  const slowest = made.reduce((most, { durationMs }) => Math.max(most, durationMs), 0);
  const findings = made.flatMap(({ input, end, isHeldOut }) =>
    end.kind === 'over-limit' ? [`${isHeldOut ? 'a held-out case' : shown(input)}: ${end.reason}`] : [],
  );
  return checked(
    'limits',
    `${counted(made.length, 'call')}, the slowest took ${slowest} of ${limits.timeoutMs} ms; each had ${limits.memoryMb} MB and ${limits.outputKb} KB of output`,
    findings,
  );
}
