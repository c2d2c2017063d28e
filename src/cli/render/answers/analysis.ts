import type { StrategicAnalysis } from '../../../domain/answers/analysis.ts';
import { oneLine } from '../../plain-text.ts';
import { bulleted, capital, numbered, section, worded } from '../listing.ts';

const nameWidth = 80;

/** The project manager's analysis: the options by their scores, what is recommended, and what it takes. */
export function analysisLines(analysis: StrategicAnalysis): string[] {
  const { subject, options, recommendation, nextSteps, resources, risks, successMetrics } = analysis;
  return [
    `📊 ${capital(oneLine(subject, nameWidth))} Analysis:`,
    ...options.flatMap(optionLines),
    ...section(`💡 STRATEGIC RECOMMENDATION: ${oneLine(recommendation.title, nameWidth)}`, [
      ...worded('Why: ', recommendation.why),
      ...recommendation.phases.flatMap(({ name, timing }, index) =>
        worded(`Phase ${index + 1}: `, `${name} (${timing})`),
      ),
    ]),
    ...section('🎯 IMMEDIATE NEXT STEPS:', numbered(nextSteps)),
    ...section('📋 RESOURCE REQUIREMENTS:', [
      ...bulleted(resources.needs),
      ...worded('- Estimated timeline: ', resources.timeline),
      ...worded('- Budget: ', resources.budget),
    ]),
    ...section(
      '⚠️  RISKS:',
      risks.flatMap(({ risk, mitigation }) => [...worded('- ', risk), ...worded('  Mitigation: ', mitigation)]),
    ),
    ...section('📈 SUCCESS METRICS:', bulleted(successMetrics)),
  ];
}

function optionLines({ name, dimensions }: StrategicAnalysis['options'][number]): string[] {
  const lines = dimensions.map(({ name, score }, index) => {
    const branch = index === dimensions.length - 1 ? '└──' : '├──';
    return `${branch} ${oneLine(name, nameWidth)}: ${score}/10`;
  });
  return ['', `${oneLine(name, nameWidth).toUpperCase()}:`, ...lines];
}
