import * as z from 'zod';
import { type StrategicAnalysis, strategicAnalysisSchema } from '../../domain/answers/analysis.ts';
import {
  type Closing,
  type Criterion,
  closingSchema,
  type Evaluation,
  evaluationSchema,
  type Plan,
  type PlannedPhase,
  planSchema,
} from '../../domain/answers/planning.ts';
import type { PhaseReview } from '../../domain/answers/review.ts';
import { problemsOfPlan } from '../../domain/plan.ts';
import { asData, excerpt, problemsOfNumbers } from '../data.ts';
import type { AgentQuestion } from '../question.ts';
import { fill } from '../template.ts';
import type { ProjectManagerTemplates } from './definition.ts';

/** What was seen of a criterion by ourselves. */
export type ObservedCriterion = Criterion & { readonly observed: 'met' | 'not met' | 'not observable' };

/** Everything that an attempt at a phase is judged by. */
export type PhaseEvidence = {
  /** Of the project. */
  readonly title: string;
  readonly phase: PlannedPhase;
  /** Those of the phase, in its order. */
  readonly criteria: readonly ObservedCriterion[];
  readonly outcome: string;
  /** Our own test run, in words. */
  readonly tests: string;
  readonly diff: string;
  readonly review: Pick<PhaseReview, 'verdict' | 'reason' | 'findings'>;
};

export type FinishedPhases = {
  readonly title: string;
  readonly phases: readonly { readonly name: string; readonly status: string; readonly outcome: string }[];
};

const analysisOrPlanSchema = z.discriminatedUnion('kind', [strategicAnalysisSchema, planSchema]);

const longestDiff = 60_000;
const longestText = 8_000;

/** What the project manager is asked. */
export function projectManagerQuestions(templates: ProjectManagerTemplates) {
  const question = {
    agent: 'project-manager',
    means: 'thinking',
    instructions: fill(templates.instructions, {}),
  } as const;
  return {
    /** A strategic analysis or a plan, as the project manager decides, or the one that is wanted. */
    analysisOrPlan(
      text: string,
      context: string,
      wanted: 'either' | 'analysis' | 'plan',
    ): AgentQuestion<StrategicAnalysis | Plan> {
      const schemas = { either: analysisOrPlanSchema, analysis: strategicAnalysisSchema, plan: planSchema };
      const template = templates[wanted === 'either' ? 'analysis-or-plan' : wanted];
      return {
        ...question,
        prompt: fill(template, { task: text, context: orNothing(context) }),
        schema: schemas[wanted],
        problemsOf: (answer) => (answer.kind === 'plan' ? problemsOfPlan(answer) : problemsOfAnalysis(answer)),
      };
    },

    /** The same plan with changes that were agreed on, or that a person wants. */
    revisePlan(text: string, plan: Plan, changes: readonly string[], context: string): AgentQuestion<Plan> {
      const listed = changes.map((change, index) => `${index + 1}. ${change}`).join('\n');
      return {
        ...question,
        prompt: fill(templates.revision, {
          task: text,
          plan: asData(plan),
          changes: listed,
          context: orNothing(context),
        }),
        schema: planSchema,
        problemsOf: problemsOfPlan,
      };
    },

    evaluatePhase(evidence: PhaseEvidence): AgentQuestion<Evaluation> {
      const { title, phase, criteria, outcome, tests, diff, review } = evidence;
      return {
        ...question,
        prompt: fill(templates.evaluation, {
          project: title,
          phase: asData({ name: phase.name, goal: phase.goal, task: phase.task }),
          criteria: asData(criteria.map((criterion, index) => ({ number: index + 1, ...criterion }))),
          outcome: excerpt(outcome, longestText),
          tests: excerpt(tests, longestText),
          review: asData({ verdict: review.verdict, reason: review.reason, findings: review.findings }),
          diff: excerpt(diff, longestDiff),
        }),
        schema: evaluationSchema,
        problemsOf: (answer) => problemsOfEvaluation(answer, criteria.length),
      };
    },

    /** What to look after before the project is used: an opinion. */
    closeProject({ title, phases }: FinishedPhases): AgentQuestion<Closing> {
      return {
        ...question,
        prompt: fill(templates.closing, { project: title, phases: asData(phases) }),
        schema: closingSchema,
      };
    },
  };
}

/** Options that cannot be laid side by side. */
function problemsOfAnalysis({ options }: StrategicAnalysis): string[] {
  const problems: string[] = [];
  if (new Set(options.map(({ name }) => name)).size < options.length) problems.push('two options have the same name');
  const dimensions = new Set(options.flatMap((option) => option.dimensions.map(({ name }) => name)));
  for (const { name, dimensions: own } of options) {
    if (new Set(own.map((one) => one.name)).size < own.length)
      problems.push(`option "${name}" is scored twice in one dimension`);
    for (const dimension of dimensions)
      if (!own.some((one) => one.name === dimension))
        problems.push(`option "${name}" is not scored in "${dimension}", and another is`);
  }
  return problems;
}

function problemsOfEvaluation({ criteria, isDone, refinement }: Evaluation, count: number): string[] {
  const problems = problemsOfNumbers(
    criteria.map(({ number }) => number),
    count,
    'criterion',
  );
  if (isDone && criteria.some(({ met }) => !met)) problems.push('the phase is called done and a criterion is not met');
  if (!isDone && refinement === '')
    problems.push('the phase is not done, and nothing is said of what is to be done next');
  return problems;
}

function orNothing(context: string): string {
  return context === '' ? 'nothing is known' : context;
}
