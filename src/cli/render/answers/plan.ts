import { counted } from '../../../domain/amounts.ts';
import type { Criterion, PlannedPhase } from '../../../domain/answers/planning.ts';
import { oneLine } from '../../plain-text.ts';
import { worded } from '../listing.ts';
import { width } from '../signs.ts';

const mostListed = 40;

/** A plan by itself: every phase with how it will be found out that it is done. Nothing of it is built. */
export function planLines({ title, phases }: { readonly title: string; readonly phases: readonly PlannedPhase[] }) {
  return [
    `📋 PLAN: ${oneLine(title, 80)} (${counted(phases.length, 'phase')}, nothing is built)`,
    ...phases.flatMap((phase, index) => [
      '',
      ...worded(`Phase ${index + 1}: `, phase.name),
      ...worded('   Goal: ', phase.goal),
      ...worded('   Task: ', phase.task),
      '   Done when:',
      ...phase.criteria.flatMap((criterion) => worded('   - ', `${criterion.criterion} (${checkOf(criterion)})`)),
      ...(phase.dependsOn.length === 0 ? [] : worded('   After: ', phase.dependsOn.join(', '))),
    ]),
  ];
}

/** The phases of a project that begins, a line for each. */
export function breakdownLines(phases: readonly PlannedPhase[]): string[] {
  const more = phases.length - mostListed;
  return [
    ...phases
      .slice(0, mostListed)
      .map(({ name, goal }, index) => `Phase ${index + 1}: ${oneLine(name, 80)} (${oneLine(goal, width)})`),
    ...(more > 0 ? [`… and ${counted(more, 'phase')} more`] : []),
  ];
}

function checkOf({ checkedBy, subject }: Criterion): string {
  switch (checkedBy) {
    case 'tests':
      return 'our test run';
    case 'file':
      return `file ${subject}`;
    case 'review':
      return 'by reading';
  }
}
