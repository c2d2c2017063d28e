import type { Alternatives } from '../../../domain/answers/alternatives.ts';
import { section, worded } from '../listing.ts';

/** The creative innovator's other ways. */
export function alternativeLines({ alternatives, assumptions }: Alternatives): string[] {
  return [
    '💡 ALTERNATIVES:',
    ...alternatives.flatMap(({ name, idea, cost, risk, firstExperiment }, index) => [
      ...(index === 0 ? [] : ['']),
      ...worded(`${index + 1}. `, name),
      ...worded('   ', idea),
      ...worded('   - Cost: ', cost),
      ...worded('   - Risk: ', risk),
      ...worded('   - First experiment: ', firstExperiment),
    ]),
    ...section(
      '❓ ASSUMPTIONS CHALLENGED:',
      assumptions.flatMap(({ assumption, test }) => [
        ...worded('- ', assumption),
        ...worded('  How to test it: ', test),
      ]),
    ),
  ];
}
