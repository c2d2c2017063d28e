import { counted } from '../../domain/amounts.ts';
import type { GateRow } from '../../domain/gate-report.ts';
import type { ToolManifest } from '../../domain/tool.ts';
import { atOnce, type CallEnd, type Calls, type MadeCall, saidOf } from './calls.ts';
import { shown, visible } from './finding.ts';
import { inParallel } from './in-parallel.ts';
import { isSame } from './json-value.ts';
import { checked } from './row.ts';
import type { Use } from './uses.ts';

/** It is the same second in all of them, but often another day. */
const timeZones = ['Pacific/Kiritimati', 'America/Los_Angeles'];

/**
 * Makes calls again, on a clock of another place, and compares what comes out.
 *
 * @param before calls that came to an end of the tool's own
 */
export async function checkDeterminism(
  { deterministic }: Pick<ToolManifest, 'deterministic'>,
  before: readonly Pick<MadeCall, 'input' | 'end'>[],
  calls: Calls,
  uses: readonly Use[],
): Promise<GateRow> {
  if (!deterministic) return checked('determinism', 'it does not say that it is deterministic', []);
  const differing = await inParallel([...before.entries()], atOnce, async ([index, { input, end }]) => {
    const again = await calls.make(input, { timeZone: timeZones[index % timeZones.length] ?? 'UTC' });
    return areAlike(end, again) ? undefined : `${shown(input)}: first ${saidOf(end)}, and then ${saidOf(again)}`;
  });
  const chance = uses
    .filter(({ kind }) => kind === 'chance')
    .map(
      ({ path, line, what }) =>
        `${path}, line ${line}: ${visible(what, 80)} differs from call to call; say "deterministic": false, or take it from the input`,
    );
  const findings = [...differing.filter((finding) => finding !== undefined), ...chance];
  return checked('determinism', `${counted(before.length, 'call')} made again in other time zones`, findings);
}

/** The reason of a refusal may name another time or place; that it is one may not change. */
function areAlike(one: CallEnd, other: CallEnd): boolean {
  if (other.kind === 'aborted') return true;
  if (one.kind === 'output' && other.kind === 'output') return isSame(one.output, other.output);
  return one.kind === other.kind;
}
