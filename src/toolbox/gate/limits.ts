import { counted } from '../../domain/amounts.ts';
import type { GateRow } from '../../domain/gate-report.ts';
import type { ToolManifest } from '../../domain/tool.ts';
import type { Isolation } from '../../sandbox/cells.ts';
import { memoryBytesOf } from '../tool-run.ts';
import type { MadeCall } from './calls.ts';
import { shown } from './finding.ts';
import { checked } from './row.ts';

/** Every call of the whole proof had to stay within the limits that the manifest gives itself. */
export function rowOfLimits(
  { limits }: Pick<ToolManifest, 'limits'>,
  made: readonly MadeCall[],
  isolation: Isolation,
): GateRow {
  const slowest = made.reduce((most, { durationMs }) => Math.max(most, durationMs), 0);
  const mostBytes = memoryBytesOf({ limits });
  const findings = made.flatMap(({ input, end, peakMemoryBytes = 0, isHeldOut }) => {
    const isBeyond = end.kind !== 'over-limit' && peakMemoryBytes > mostBytes;
    // The kernel limits each process by itself, and what processes have in common is only looked at: it may have been let through.
    const held = `it held ${megabytes(peakMemoryBytes)} MB, and may have ${megabytes(mostBytes)}`;
    const reason = end.kind === 'over-limit' ? end.reason : isBeyond ? held : undefined;
    return reason === undefined ? [] : [`${isHeldOut ? 'a held-out case' : shown(input)}: ${reason}`];
  });
  const detail = [
    `${counted(made.length, 'call')}, the slowest took ${slowest} of ${limits.timeoutMs} ms`,
    `${toldPeak(made)} of ${megabytes(mostBytes)} MB with its runtime`,
    `each had ${limits.outputKb} KB of output`,
  ];
  return checked('limits', `${weaknessOf(isolation)}${detail.join('; ')}`, findings);
}

const megabytes = (bytes: number) => Math.ceil(bytes / 1024 ** 2);

/** A call that was over before anybody looked says nothing of its memory. */
function toldPeak(made: readonly MadeCall[]): string {
  const peaks = made.flatMap(({ peakMemoryBytes }) => peakMemoryBytes ?? []);
  const seen = peaks.length === made.length ? '' : ` (${peaks.length} were long enough to be seen)`;
  return peaks.length === 0
    ? 'none was long enough to see its memory,'
    : `the largest held ${megabytes(Math.max(...peaks))}${seen}`;
}

/** Whoever adopts a tool has to know what nothing kept it from while it was tried. */
function weaknessOf(isolation: Isolation): string {
  switch (isolation) {
    case 'bubblewrap':
      return '';
    case 'namespaces':
      return 'no bubblewrap, files kept from it by Node alone: ';
    case 'none':
      return 'NOT isolated, no sandbox works here: ';
  }
}
