import type { GateCheck, GateRow } from '../../domain/gate-report.ts';
import { asFindings, visible } from './finding.ts';

/** A row of a check that was made: it has passed when nothing was found. */
export function checked(check: GateCheck, detail: string, findings: readonly string[]): GateRow {
  return {
    check,
    verdict: findings.length === 0 ? 'passed' : 'failed',
    detail: visible(detail),
    findings: asFindings(findings),
  };
}

export function notRun(check: GateCheck, why: string): GateRow {
  return { check, verdict: 'not-run', detail: visible(why), findings: [] };
}
