import type { AgentAnswer } from './answers/answer.ts';
import type { PrioritisedDecision } from './answers/decision.ts';

type Weight = 'high' | 'medium' | 'low';

/** One thing that can be taken from an answer, understandable without the rest of it. */
export type Insight = {
  readonly kind:
    | 'recommendation'
    | 'risk'
    | 'next-step'
    | 'finding'
    | 'decision'
    | 'priority'
    | 'assumption'
    | 'proposal';
  readonly text: string;
  readonly weight?: Weight;
};

/** What can be taken from an answer, in its order; the same answer always gives the same. */
export function insightsOf(answer: AgentAnswer): readonly Insight[] {
  switch (answer.kind) {
    case 'analysis':
      return [
        {
          kind: 'recommendation',
          text: `${answer.recommendation.title}: ${answer.recommendation.why}`,
          weight: 'high',
        },
        ...answer.nextSteps.map((text): Insight => ({ kind: 'next-step', text })),
        ...answer.risks.map(({ risk, mitigation }) => riskOf(risk, mitigation)),
      ];
    case 'decision':
      return [
        {
          kind: 'decision',
          text: `${answer.decision}: ${answer.reason}`,
          weight: weightOfConfidence(answer.confidence),
        },
        ...priorityOf(answer),
        ...answer.wouldChangeIt.map((text): Insight => ({ kind: 'assumption', text })),
      ];
    case 'alternatives':
      return [
        ...answer.alternatives.map(({ name, idea }): Insight => ({ kind: 'proposal', text: `${name}: ${idea}` })),
        ...answer.assumptions.map(
          ({ assumption, test }): Insight => ({ kind: 'assumption', text: `${assumption} (to test: ${test})` }),
        ),
      ];
    case 'review':
      return [
        ...answer.findings.map(
          ({ title, place, severity }): Insight => ({
            kind: 'finding',
            text: place === '' ? title : `${title} (${place})`,
            weight: severity === 'critical' ? 'high' : severity,
          }),
        ),
        ...answer.remediation
          .toSorted((one, other) => one.priority - other.priority)
          .map(
            ({ action, priority }): Insight => ({ kind: 'next-step', text: action, weight: weightOfRank(priority) }),
          ),
      ];
    case 'risks':
      return answer.risks.map(({ risk, mitigation, likelihood, impact }) =>
        riskOf(risk, mitigation, weightOfRisk(likelihood, impact)),
      );
    case 'test-cases':
      return answer.testCases.map(({ name, expected }) => ({ kind: 'next-step', text: `Test ${name}: ${expected}` }));
    case 'coaching':
      return answer.proposals.map(({ figure, proposal }) => ({ kind: 'proposal', text: `${proposal} (${figure})` }));
    case 'plan':
      return answer.phases.map(({ name, goal }) => ({ kind: 'next-step', text: `${name}: ${goal}` }));
  }
}

function priorityOf({ importance, urgency, priority }: PrioritisedDecision): Insight[] {
  if (!priority) return [];
  return [{ kind: 'priority', text: `${priority.band} (${importance} × ${urgency} = ${priority.score})` }];
}

function riskOf(risk: string, mitigation: string, weight?: Weight): Insight {
  return { kind: 'risk', text: `${risk} (against it: ${mitigation})`, ...(weight === undefined ? {} : { weight }) };
}

function weightOfConfidence(confidence: number): Weight {
  if (confidence >= 0.8) return 'high';
  return confidence >= 0.5 ? 'medium' : 'low';
}

function weightOfRank(priority: number): Weight {
  if (priority === 1) return 'high';
  return priority === 2 ? 'medium' : 'low';
}

const levels: Readonly<Record<Weight, number>> = { high: 3, medium: 2, low: 1 };

/** High when one is high and the other is not low; low when neither is more than medium and one is low. */
function weightOfRisk(likelihood: Weight, impact: Weight): Weight {
  const product = levels[likelihood] * levels[impact];
  if (product >= 6) return 'high';
  return product >= 3 ? 'medium' : 'low';
}
