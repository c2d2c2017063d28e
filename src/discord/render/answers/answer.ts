import type { AgentAnswer } from '../../../domain/answers/answer.ts';
import { weighed } from '../../../domain/answers/decision.ts';
import { plain as asInChat } from '../text.ts';

type Shown = (text: string) => string;

const severitySigns = { critical: '🟥', high: '🟧', medium: '🟨', low: '🟦' } as const;

/**
 * What an agent answered, as Markdown, whole. Every word of it is the agent's opinion.
 *
 * @param plain makes its words harmless for where they are shown
 */
export function answerText(answer: AgentAnswer, plain: Shown = asInChat): string {
  return linesOf(answer, plain).join('\n').trim();
}

function linesOf(answer: AgentAnswer, plain: Shown): string[] {
  switch (answer.kind) {
    case 'analysis':
      return analysisLines(answer, plain);
    case 'plan':
      return [
        `📋 **${plain(answer.title)}**`,
        ...answer.phases.map(({ name, goal }, index) => `${index + 1}. **${plain(name)}**: ${plain(goal)}`),
      ];
    case 'review':
      return reviewLines(answer, plain);
    case 'risks':
      return [
        '⚠️ **Risks**',
        ...answer.risks.map(
          ({ risk, likelihood, impact, mitigation }) =>
            `- **${plain(risk)}** (likely: ${likelihood}, impact: ${impact}): ${plain(mitigation)}`,
        ),
      ];
    case 'test-cases':
      return [
        '🧪 **Test cases**',
        ...answer.testCases.map(
          ({ name, given, when, expected, kind }) =>
            `- **${plain(name)}** (${kind}): given ${plain(given)}, when ${plain(when)}, then ${plain(expected)}`,
        ),
      ];
    case 'decision':
      return decisionLines(answer, plain);
    case 'alternatives':
      return [
        '💡 **Other ways**',
        ...answer.alternatives.map(
          ({ name, idea, cost, risk, firstExperiment }) =>
            `- **${plain(name)}**: ${plain(idea)}\n  cost ${plain(cost)}; risk ${plain(risk)}; try first: ${plain(firstExperiment)}`,
        ),
        ...section(
          '❓ **Taken for granted**',
          answer.assumptions.map(({ assumption, test }) => `${plain(assumption)} → ${plain(test)}`),
        ),
      ];
    case 'coaching':
      return [
        '📈 **What the figures say**',
        ...(answer.proposals.length === 0 ? ['Nothing to change.'] : []),
        ...answer.proposals.map(
          ({ figure, observation, proposal, expected }) =>
            `- **${figure}**: ${plain(observation)}\n  → ${plain(proposal)} (expected: ${plain(expected)})`,
        ),
      ];
  }
}

function analysisLines(answer: Extract<AgentAnswer, { kind: 'analysis' }>, plain: Shown): string[] {
  const { subject, options, recommendation, nextSteps, resources, risks, successMetrics } = answer;
  return [
    `📊 **${plain(subject)}**`,
    ...options.map(
      ({ name, dimensions }) =>
        `- **${plain(name)}**: ${dimensions.map((one) => `${plain(one.name)} ${one.score}/10`).join(', ')}`,
    ),
    '',
    `💡 **Recommendation: ${plain(recommendation.title)}**`,
    plain(recommendation.why),
    ...recommendation.phases.map(({ name, timing }, index) => `${index + 1}. ${plain(name)} (${plain(timing)})`),
    ...section('🎯 **Next steps**', nextSteps.map(plain)),
    ...section(
      '⚠️ **Risks**',
      risks.map(({ risk, mitigation }) => `${plain(risk)} → ${plain(mitigation)}`),
    ),
    ...section('📐 **Success metrics**', successMetrics.map(plain)),
    ...section('👥 **Needs**', [
      ...resources.needs.map(plain),
      `timeline: ${plain(resources.timeline)}`,
      `budget: ${plain(resources.budget)}`,
    ]),
  ];
}

function reviewLines(answer: Extract<AgentAnswer, { kind: 'review' }>, plain: Shown): string[] {
  const { subject, findings, strengths, remediation, dropped } = answer;
  return [
    `🔍 **${plain(subject)}**`,
    ...(findings.length === 0 ? ['No findings.'] : []),
    ...findings.flatMap(({ title, severity, place, detail, recommendation }, index) => [
      `${severitySigns[severity]} **${index + 1}. ${plain(title)}** (${severity.toUpperCase()})${place === '' ? '' : ` \`${place.replaceAll('`', '')}\``}`,
      `  ${plain(detail)}`,
      `  → ${plain(recommendation)}`,
    ]),
    ...(dropped > 0 ? [`-# ${dropped} about places that do not exist were left out`] : []),
    ...section('✅ **Strengths**', strengths.map(plain)),
    ...section(
      '🎯 **Remediation**',
      remediation.toSorted((one, other) => one.priority - other.priority).map(({ action }) => plain(action)),
    ),
  ];
}

function decisionLines(answer: Extract<AgentAnswer, { kind: 'decision' }>, plain: Shown): string[] {
  const { decision, confidence, reason, wouldChangeIt, priority } = answer;
  return [
    `🧭 **${plain(decision)}** (${Math.round(confidence * 100)}% sure)`,
    plain(reason),
    ...section(
      '📊 **Options by weight**',
      weighed(answer).map(({ name, total }) => `${plain(name)}: ${total}`),
    ),
    ...section('🔁 **What would change it**', wouldChangeIt.map(plain)),
    ...(priority === undefined ? [] : ['', `Priority ${priority.score}`]),
  ];
}

function section(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : ['', title, ...items.map((item) => `- ${item}`)];
}
