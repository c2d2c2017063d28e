import type { ToolProof } from '../../spiral/tools.ts';
import { oneLine } from '../plain-text.ts';
import { duration } from '../times.ts';
import { width } from './signs.ts';
import { rightsWords } from './tool-details.ts';
import { gateLines } from './tooling.ts';

const mostFindings = 20;

/**
 * The table of the gate for a person who asked for it, with what the tool may do.
 *
 * @param hasCases whether they gave held-out cases
 */
export function proofLines({ report, isGreen, manifest, version, newRights }: ToolProof, hasCases: boolean): string[] {
  const what = manifest ? `${manifest.name} ${version}` : 'this folder';
  return [
    `🚦 The gate on ${what} (${report.isolation}, ${duration(report.durationMs)}):`,
    ...gateLines(report, mostFindings),
    ...(manifest ? [`   Rights: ${rightsWords(manifest.permissions)}`] : []),
    ...(newRights.length === 0 ? [] : [`   New:    ${oneLine(newRights.join(', '), width * 2)}`]),
    isGreen ? '✅ Green.' : '❌ Red.',
    ...(!hasCases && !isGreen ? ['   Held-out cases are cases that its author did not see: --cases FILE'] : []),
  ];
}
