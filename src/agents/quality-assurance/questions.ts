import type { PlannedPhase } from '../../domain/answers/planning.ts';
import {
  isBlocking,
  type PhaseReview,
  phaseReviewSchema,
  type Review,
  type Risks,
  reviewSchema,
  risksSchema,
  type TestCases,
  testCasesSchema,
} from '../../domain/answers/review.ts';
import { asData, excerpt } from '../data.ts';
import type { AgentQuestion } from '../question.ts';
import { fill } from '../template.ts';
import type { QualityAssuranceTemplates } from './definition.ts';

export type PhaseWork = {
  /** Of the project. */
  readonly title: string;
  readonly phase: PlannedPhase;
  readonly outcome: string;
  /** Our own test run, in words. */
  readonly tests: string;
  readonly diff: string;
};

const longestDiff = 60_000;
const longestText = 8_000;

/** What quality assurance is asked. */
export function qualityAssuranceQuestions(templates: QualityAssuranceTemplates) {
  const question = { agent: 'quality-assurance', instructions: fill(templates.instructions, {}) } as const;
  return {
    /** Reads the workspace. */
    review(text: string, context: string): AgentQuestion<Review> {
      const prompt = fill(templates.review, { task: text, context: context === '' ? 'nothing is known' : context });
      return { ...question, means: 'reading', prompt, schema: reviewSchema };
    },

    /** Reads the workspace and gives a verdict on what was built. */
    reviewPhase({ title, phase, outcome, tests, diff }: PhaseWork): AgentQuestion<PhaseReview> {
      return {
        ...question,
        means: 'reading',
        prompt: fill(templates['phase-review'], {
          project: title,
          phase: asData(phase),
          outcome: excerpt(outcome, longestText),
          tests: excerpt(tests, longestText),
          diff: excerpt(diff, longestDiff),
        }),
        schema: phaseReviewSchema,
        problemsOf: problemsOfPhaseReview,
      };
    },

    /** @param plan in whatever words a person has it */
    identifyRisks(plan: string): AgentQuestion<Risks> {
      return {
        ...question,
        means: 'thinking',
        prompt: fill(templates.risks, { plan }),
        schema: risksSchema,
      };
    },

    generateTestCases(requirements: string): AgentQuestion<TestCases> {
      return {
        ...question,
        means: 'thinking',
        prompt: fill(templates['test-cases'], { requirements }),
        schema: testCasesSchema,
      };
    },
  };
}

function problemsOfPhaseReview({ verdict, findings }: PhaseReview): string[] {
  if (verdict !== 'passed') return [];
  return findings
    .filter(isBlocking)
    .map(({ title, severity }) => `the verdict is "passed", and the finding "${title}" is ${severity}`);
}
