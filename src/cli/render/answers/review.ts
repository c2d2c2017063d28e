import { counted } from '../../../domain/amounts.ts';
import type { CheckedReview, Finding, Risks, TestCases } from '../../../domain/answers/review.ts';
import { oneLine } from '../../plain-text.ts';
import { bulleted, section, worded } from '../listing.ts';
import { width } from '../signs.ts';

/** Quality assurance's review of real code. */
export function reviewLines({ subject, findings, strengths, remediation, dropped }: CheckedReview): string[] {
  const name = oneLine(subject, 60).toUpperCase();
  const plan = remediation.toSorted((one, other) => one.priority - other.priority);
  return [
    findings.length === 0 ? `✅ ${name} FINDINGS: none` : `⚠️  ${name} FINDINGS:`,
    ...findings.flatMap((finding, index) => [
      ...(index === 0 ? [] : ['']),
      findingHead(finding, index),
      ...worded('   - ', finding.detail),
      ...worded('   - Recommendation: ', finding.recommendation),
    ]),
    ...droppedLine(dropped),
    ...section(`✅ ${name} STRENGTHS (as QA sees them):`, bulleted(strengths)),
    ...section(
      '🎯 REMEDIATION PLAN:',
      plan.flatMap(({ priority, action }) => worded(`Priority ${priority}: `, action)),
    ),
  ];
}

/** `1. Rate limiting gap (MEDIUM) src/login.ts:42` */
export function findingHead({ title, severity, place }: Finding, index: number): string {
  return `${index + 1}. ${oneLine(title, width)} (${severity.toUpperCase()}) ${oneLine(place, width)}`.trimEnd();
}

/** How much of a review was not true to the code. */
export function droppedLine(dropped: number): string[] {
  return dropped === 0
    ? []
    : [
        `🗑️  Dropped: ${counted(dropped, 'finding')} about ${dropped === 1 ? 'a place that does' : 'places that do'} not exist`,
      ];
}

export function riskLines({ risks }: Risks): string[] {
  return [
    '⚠️  RISKS:',
    ...risks.flatMap(({ risk, likelihood, impact, mitigation }, index) => [
      ...worded(`${index + 1}. `, risk),
      `   - Likelihood ${likelihood}, impact ${impact}`,
      ...worded('   - Mitigation: ', mitigation),
    ]),
  ];
}

export function testCaseLines({ testCases }: TestCases): string[] {
  return [
    '🧪 TEST CASES (proposed, not run):',
    ...testCases.flatMap(({ name, kind, given, when, expected }, index) => [
      ...worded(`${index + 1}. `, `${name} (${kind.toUpperCase()})`),
      ...worded('   - Given: ', given),
      ...worded('   - When: ', when),
      ...worded('   - Expected: ', expected),
    ]),
  ];
}
