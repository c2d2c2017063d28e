import { duration } from '../../domain/amounts.ts';
import type { ToolProof } from '../../spiral/tools.ts';
import { oneLine } from '../plain-text.ts';
import { width } from './signs.ts';
import { rightsWords } from './tool-details.ts';
import { gateLines } from './tooling.ts';

const mostFindings = 20;

function verdictOf(isGreen: boolean, refusal: string | undefined): string {
  if (isGreen) return '✅ Green.';
  return refusal === undefined ? '❌ Red.' : `❌ Nothing was tried: ${oneLine(refusal, width * 2)}`;
}

/**
 * The table of the gate for a person who asked for it, with what the tool may do.
 *
 * @param hasCases whether they gave held-out cases
 */
export function proofLines(
  { report, isGreen, refusal, manifest, version, newRights }: ToolProof,
  hasCases: boolean,
): string[] {
  const what = manifest ? `${manifest.name} ${version}` : 'this folder';
  return [
    `🚦 The gate on ${what} (${report.isolation}, ${duration(report.durationMs)}):`,
    ...gateLines(report, mostFindings),
    ...(manifest ? [`   Rights: ${rightsWords(manifest.permissions)}`] : []),
    ...(newRights.length === 0 ? [] : [`   New:    ${oneLine(newRights.join(', '), width * 2)}`]),
    verdictOf(isGreen, refusal),
    ...(!hasCases && !isGreen ? ['   Held-out cases are cases that its author did not see: --cases FILE'] : []),
  ];
}
